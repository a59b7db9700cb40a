/** `stoker pause`: gives the card away until somebody resumes. */
import type { Command } from 'commander';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { StatusSchema } from '../../contract/status.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { print, printJson } from '../output.ts';

export function pauseCommand(): Command {
  return clientCommand('pause', 'finish what runs, keep what waits, and free the card').action(
    async (options: ClientOptions) => {
      const status = await openClient(options).post(MANAGER_ROUTES.pause, {}, StatusSchema);
      if (options.json) printJson(status);
      else if (status.courtesy.state === 'yielded') print('The card is free. Take it back with "stoker resume".');
      else print('The card is freed as soon as what runs is finished. Take it back with "stoker resume".');
    },
  );
}
