/** `stoker tokens`: who may use the API port. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { CreatedTokenSchema, TokensSchema } from '../../contract/tokens.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { print, printJson } from '../output.ts';

interface TokensOptions extends ClientOptions {
  readonly create?: string;
  readonly revoke?: string;
}

export function tokensCommand(): Command {
  return clientCommand('tokens', 'tokens of the API port, which is open while there is one')
    .addOption(new Option('--create <name>', 'make one; it is shown once').conflicts('revoke'))
    .option('--revoke <name>', 'let nobody in with it any more')
    .action(async (options: TokensOptions) => {
      const client = openClient(options);
      if (options.create !== undefined) {
        const made = await client.post(MANAGER_ROUTES.tokens, { name: options.create }, CreatedTokenSchema);
        if (options.json) printJson(made);
        else print([made.token, 'It is not shown again.', port(made)]);
      } else if (options.revoke !== undefined) {
        await client.delete(`${MANAGER_ROUTES.tokens}/${encodeURIComponent(options.revoke)}`, z.undefined());
        if (!options.json) print(`The token ${options.revoke} is revoked.`);
      } else {
        const answer = await client.get(MANAGER_ROUTES.tokens, TokensSchema);
        const day = (at: number): string => new Date(at).toLocaleDateString();
        const use = (at: number | null): string => (at === null ? 'never used' : `last used on ${day(at)}`);
        if (options.json) printJson(answer);
        else
          print([
            ...answer.tokens.map(
              ({ name, createdAt, lastUsedAt }) => `${name}  made on ${day(createdAt)}, ${use(lastUsedAt)}`,
            ),
            port(answer),
          ]);
      }
    });
}

function port({ url, problem }: Pick<ReturnType<typeof TokensSchema.parse>, 'url' | 'problem'>): string {
  if (url !== null) return `The API listens at ${url}/v1`;
  return problem ?? 'The API port is closed: there is no token.';
}
