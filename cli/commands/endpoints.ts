/** `stoker endpoints`: the RunPod endpoints, what they cost, whether they answer. */
import type { Command } from 'commander';
import {
  CancelRemoteSchema,
  EmptiedEndpointSchema,
  EndpointsSchema,
  EndpointTestSchema,
} from '../../contract/endpoints.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { print, printJson } from '../output.ts';

interface EndpointsOptions extends ClientOptions {
  readonly test?: string;
  readonly cancelAll?: boolean;
  readonly empty?: string;
}

export function endpointsCommand(): Command {
  return clientCommand('endpoints', 'show RunPod endpoints and what they cost')
    .option('--test <name>', 'ask whether it answers; costs nothing')
    .option('--cancel-all', 'cancel every job that waits for an endpoint or runs on one')
    .option('--empty <name>', 'take everything that waits off its queue, the jobs of other programs too')
    .action(async (options: EndpointsOptions) => {
      const client = openClient(options);
      if (options.cancelAll) {
        const answer = await client.post(MANAGER_ROUTES.cancelRemote, {}, CancelRemoteSchema);
        if (options.json) printJson(answer);
        else print(`Cancelled ${answer.cancelled} remote ${answer.cancelled === 1 ? 'job' : 'jobs'}.`);
      } else if (options.empty !== undefined) {
        const path = `${MANAGER_ROUTES.endpoints}/${encodeURIComponent(options.empty)}/empty`;
        const answer = await client.post(path, {}, EmptiedEndpointSchema);
        if (options.json) printJson(answer);
        else print(`Cancelled ${answer.cancelled} of Stoker's jobs; RunPod took ${answer.removed} off the queue.`);
      } else if (options.test !== undefined) {
        const path = `${MANAGER_ROUTES.endpoints}/${encodeURIComponent(options.test)}/test`;
        const answer = await client.post(path, {}, EndpointTestSchema);
        if (options.json) printJson(answer);
        else print(answer.message);
        if (!answer.ok) process.exitCode = EXIT_CODES.error.code;
      } else {
        const answer = await client.get(MANAGER_ROUTES.endpoints, EndpointsSchema);
        if (options.json) printJson(answer);
        else print(answer.endpoints.length === 0 ? 'No endpoints.' : answer.endpoints.map(line));
      }
    });
}

function line({
  name,
  endpointId,
  spend,
  paused,
  hasKey,
}: ReturnType<typeof EndpointsSchema.parse>['endpoints'][number]) {
  const dollars = (microDollars: number): string => `$${(microDollars / 1_000_000).toFixed(4)}`;
  const state = paused !== null ? `paused: ${paused}` : hasKey ? 'ready' : 'has no key';
  return `${name}  ${endpointId}  today ${dollars(spend.today)}, this month ${dollars(spend.month)}  ${state}`;
}
