/** `stoker restart`: stops and starts ComfyUI. */
import type { Command } from 'commander';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { startAndReport } from '../start-report.ts';

interface RestartOptions extends ClientOptions {
  readonly force?: boolean;
  readonly withoutCustomNodes?: boolean;
}

export function restartCommand(): Command {
  return clientCommand('restart', 'stop and start ComfyUI; refuses while it has work')
    .option('--force', 'although prompts run or wait; that work is lost')
    .option('--without-custom-nodes', 'this once, with --disable-all-custom-nodes')
    .action(async (options: RestartOptions) => {
      const body = {
        force: options.force === true,
        withoutCustomNodes: options.withoutCustomNodes === true,
      };
      await startAndReport(openClient(options), MANAGER_ROUTES.restart, body, options.json === true);
    });
}
