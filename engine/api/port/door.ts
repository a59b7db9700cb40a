/** Who may come in at the API port: the same names and pages as at the gateway, and a bearer token always, also from this computer. */
import type { IncomingMessage } from 'node:http';
import type { Settings } from '../../../contract/settings.ts';
import { decideAccess } from '../../gateway/access.ts';
import { createFailureLimit } from '../../gateway/failure-limit.ts';
import { accessFactsOf } from '../../gateway/gatekeeper.ts';
import { createHostRules } from '../../gateway/host-rules.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Tokens } from './tokens.ts';

export interface Door {
  /** The name of the token that came, or why the request does not come in. */
  enter(request: IncomingMessage): { readonly token: string } | AppError;
}

const BEARER = /^Bearer +(\S+) *$/i;

export function createDoor(deps: {
  readonly settings: () => Settings;
  readonly tokens: Pick<Tokens, 'nameOf' | 'used'>;
  readonly clock: Pick<Clock, 'monotonic'>;
}): Door {
  const failures = createFailureLimit(deps.clock);
  return {
    enter(request) {
      const { api, network } = deps.settings();
      const brought = BEARER.exec(request.headers.authorization ?? '')?.[1];
      const token = brought === undefined ? null : deps.tokens.nameOf(brought);
      const port = request.socket.localPort ?? api.port;
      const hosts = createHostRules({ listenHost: api.host, port, allowedHosts: network.allowedHosts });
      const decision = decideAccess(accessFactsOf(request, null), { hosts, bringsToken: () => token !== null });
      if (decision.kind === 'refused') {
        if (decision.code !== 'token_required') return new AppError(decision.code, decision.message);
        if (!failures.allows()) {
          return new AppError('too_many_attempts', 'Too many requests with a wrong access token or none came in.');
        }
      }
      if (token !== null) {
        deps.tokens.used(token);
        return { token };
      }
      return new AppError('token_required', 'This port asks for a token: Authorization: Bearer …');
    },
  };
}
