/** `stoker offload`: moves jobs that have not begun to an endpoint or another server, and back. */
import type { Command } from 'commander';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type OffloadAnswer, OffloadAnswerSchema } from '../../contract/offload.ts';
import { StatusSchema } from '../../contract/status.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { CommandFailure } from '../command-failure.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { print, printJson } from '../output.ts';

interface OffloadOptions extends ClientOptions {
  readonly to?: string;
  readonly back?: boolean;
}

export function offloadCommand(): Command {
  return clientCommand('offload', 'move jobs that have not begun to an endpoint, and back')
    .argument('[job...]', 'only these')
    .option('--to <target>', 'where to; may be left out when there is one alone')
    .option('--back', 'bring back what was moved and has not begun there')
    .action(offload);
}

async function offload(ids: readonly string[], options: OffloadOptions): Promise<void> {
  const client = openClient(options);
  const which = ids.length === 0 ? {} : { jobs: ids };
  const answer = options.back
    ? await client.post(MANAGER_ROUTES.bringBack, which, OffloadAnswerSchema)
    : await client.post(MANAGER_ROUTES.offload, { target: await targetOf(options), ...which }, OffloadAnswerSchema);
  if (options.json) printJson(answer);
  else print(answerLines(answer, options.back === true));
}

async function targetOf({ to, ...options }: OffloadOptions): Promise<string> {
  if (to !== undefined) return to;
  const { jobs } = await openClient(options).get(MANAGER_ROUTES.status, StatusSchema);
  const [only, ...others] = jobs.offloadTargets;
  if (only !== undefined && others.length === 0) return only.name;
  const names = jobs.offloadTargets.map(({ name }) => name);
  const message =
    only === undefined
      ? 'There is no endpoint or server to move jobs to.'
      : `There are several places to move jobs to: ${names.join(', ')}.`;
  const next = only === undefined ? 'Add one on the dashboard.' : 'Say where to with --to.';
  throw new CommandFailure(
    { source: 'stoker', error: { code: 'target_unknown', message, details: { next, targets: names } } },
    EXIT_CODES.usage.code,
  );
}

function answerLines({ moved, stayed }: OffloadAnswer, back: boolean): string[] {
  if (moved.length + stayed.length === 0) return [back ? 'Nothing to bring back.' : 'Nothing waits.'];
  const word = back ? 'Brought back' : 'Moved';
  return [
    `${word}: ${moved.length === 1 ? '1 job' : `${moved.length} jobs`}.`,
    ...stayed.map(({ id, reason }) => `${id} stays: ${reason}`),
  ];
}
