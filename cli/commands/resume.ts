/** `stoker resume`: takes the card back. */
import type { Command } from 'commander';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { StatusSchema } from '../../contract/status.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { print, printJson } from '../output.ts';

export function resumeCommand(): Command {
  return clientCommand('resume', 'take the card back; kept prompts go on').action(async (options: ClientOptions) => {
    const status = await openClient(options).post(MANAGER_ROUTES.resume, {}, StatusSchema);
    const kept = status.courtesy.parkedPrompts;
    if (options.json) printJson(status);
    else if (kept === 0) print("The card is ComfyUI's again.");
    else print(`The card is ComfyUI's again; ${kept === 1 ? '1 kept prompt goes' : `${kept} kept prompts go`} on.`);
  });
}
