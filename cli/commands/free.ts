/** `stoker free`: gives VRAM back while ComfyUI goes on running. */
import type { Command } from 'commander';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { StatusSchema } from '../../contract/status.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { print, printJson } from '../output.ts';

export function freeCommand(): Command {
  return clientCommand('free', 'unload models and free VRAM; ComfyUI goes on running').action(
    async (options: ClientOptions) => {
      const status = await openClient(options).post(MANAGER_ROUTES.free, {}, StatusSchema);
      if (options.json) printJson(status);
      else print('ComfyUI was asked to free its VRAM. Only stopping it gives back all of it.');
    },
  );
}
