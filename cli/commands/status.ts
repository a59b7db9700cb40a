/** `stoker status`: everything at a glance. */
import type { Command } from 'commander';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { StatusSchema } from '../../contract/status.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { paint, print, printJson } from '../output.ts';
import { statusLines } from '../status-view.ts';

export function statusCommand(): Command {
  return clientCommand('status', 'show state, idle countdown, queue and VRAM').action(
    async (options: ClientOptions) => {
      const status = await openClient(options).get(MANAGER_ROUTES.status, StatusSchema);
      if (options.json) printJson(status);
      else print(statusLines(status, Date.now(), paint));
    },
  );
}
