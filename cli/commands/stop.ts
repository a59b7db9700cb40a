/** `stoker stop`: puts ComfyUI to sleep. */
import { type Command, Option } from 'commander';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { StatusSchema } from '../../contract/status.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { print, printJson } from '../output.ts';

interface StopOptions extends ClientOptions {
  readonly force?: boolean;
  readonly whenDone?: boolean;
}

export function stopCommand(): Command {
  return clientCommand('stop', 'stop ComfyUI; refuses while it has work')
    .addOption(new Option('--force', 'although prompts run or wait; that work is lost').conflicts('whenDone'))
    .option('--when-done', 'as soon as the queue is empty')
    .action(async (options: StopOptions) => {
      const body = options.whenDone ? { whenDone: true } : { force: options.force === true };
      const status = await openClient(options).post(MANAGER_ROUTES.stop, body, StatusSchema);
      if (options.json) printJson(status);
      else if (options.whenDone && status.state === 'running') print('ComfyUI stops when its queue is done.');
      else print('ComfyUI is stopped.');
    });
}
