/** Puts the API port together: its tokens, its door, its routes. Decides nothing. */
import type { Settings } from '../../../contract/settings.ts';
import type { Status } from '../../../contract/status.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import type { JobRooms } from '../jobs.ts';
import { type ApiPort, createApiPort } from './api-port.ts';
import { createDoor } from './door.ts';
import { createPortRoutes } from './port-routes.ts';
import { createTokens, type Tokens } from './tokens.ts';

export interface PortDeps {
  /** Where the tokens lie. */
  readonly file: string;
  readonly rooms: JobRooms & { readonly status: () => Status };
  readonly settings: () => Settings;
  readonly version: string;
  /** Somebody uses this engine. */
  readonly onRequest: () => void;
  /** Tells the user what is wrong with it. */
  readonly tell: (message: string) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** It does not listen before `port.adjust()`. */
export async function createPort(deps: PortDeps): Promise<{ readonly tokens: Tokens; readonly port: ApiPort }> {
  const { settings, clock, log, tell } = deps;
  const tokens = createTokens({ file: deps.file, clock, onProblem: tell });
  const routes = await createPortRoutes(deps);
  const port = createApiPort({
    place: () => settings().api,
    tokens,
    door: createDoor({ settings, tokens, clock }),
    handle(request, response) {
      deps.onRequest();
      routes.handle(request, response);
    },
    tell,
    clock,
    log,
  });
  return {
    tokens,
    port: {
      ...port,
      async close() {
        await port.close();
        await routes.close();
      },
    },
  };
}
