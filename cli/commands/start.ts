/** `stoker start`: wakes ComfyUI and tells how that goes. */
import type { Command } from 'commander';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { startAndReport } from '../start-report.ts';

interface StartOptions extends ClientOptions {
  readonly withoutCustomNodes?: boolean;
}

export function startCommand(): Command {
  return clientCommand('start', 'start ComfyUI and wait until it answers')
    .option('--without-custom-nodes', 'this once, with --disable-all-custom-nodes')
    .action(async (options: StartOptions) => {
      const body = { withoutCustomNodes: options.withoutCustomNodes === true };
      await startAndReport(openClient(options), MANAGER_ROUTES.start, body, options.json === true);
    });
}
