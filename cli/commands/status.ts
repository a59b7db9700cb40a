/** `stoker status`: everything at a glance. */
import type { Command } from 'commander';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { StatusSchema } from '../../contract/status.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { readGpus } from '../gpu-reading.ts';
import { paint, print, printJson } from '../output.ts';
import { statusLines } from '../status-view.ts';

export function statusCommand(): Command {
  return clientCommand('status', 'show state, idle countdown, queue and VRAM').action(
    async (options: ClientOptions) => {
      const client = openClient(options);
      if (options.json) {
        // As it is: health checks ask this all the time, and must not make the engine measure.
        printJson(await client.get(MANAGER_ROUTES.status, StatusSchema));
        return;
      }
      const [status, reading] = await Promise.all([client.get(MANAGER_ROUTES.status, StatusSchema), readGpus(client)]);
      const gpus = reading === null ? {} : { gpus: reading.gpus, gpuNote: reading.note };
      print(statusLines({ ...status, ...gpus }, Date.now(), paint));
    },
  );
}
