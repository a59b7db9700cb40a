/** Applies access.ts to real requests with the settings of the moment, and takes Stoker's token out of what goes on to ComfyUI. */
import type { IncomingMessage } from 'node:http';
import type { Settings } from '../../contract/settings.ts';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';
import { type AccessFacts, decideAccess } from './access.ts';
import { type AccessToken, createAccessToken } from './access-token.ts';
import { createFailureLimit } from './failure-limit.ts';
import { createHostRules, type HostRules } from './host-rules.ts';
import type { TokenFilter } from './request-head.ts';

export interface Gatekeeper {
  /**
   * Null lets the request in. @param authority of an absolute-form target, else null
   * @returns AppError request_malformed, host_not_allowed, origin_not_allowed, token_required or too_many_attempts
   */
  authorize(request: IncomingMessage, authority?: string | null): AppError | null;
  /** What `/manager/login?token=…` showed. @returns the Set-Cookie value, null when no token is set, or why not */
  logIn(candidate: string): string | null | AppError;
  /** What takes the token out of fields that go on to ComfyUI; null when no token is set. */
  tokenFilter(): TokenFilter | null;
}

export interface GatekeeperDeps {
  readonly settings: () => Settings;
  readonly clock: Pick<Clock, 'monotonic'>;
}

export function createGatekeeper({ settings, clock }: GatekeeperDeps): Gatekeeper {
  const failures = createFailureLimit(clock);
  let knownSettings: Settings | null = null;
  let token: AccessToken | null = null;
  let tokenFilter: TokenFilter | null = null;
  /** By port: the same gateway may be reached by several. */
  let hostRules = new Map<number, HostRules>();

  function refresh(): Settings {
    const current = settings();
    if (current !== knownSettings) {
      knownSettings = current;
      token = current.network.token === null ? null : createAccessToken(current.network.token);
      tokenFilter = token?.without ?? null;
      hostRules = new Map();
    }
    return current;
  }

  function rulesFor(port: number, current: Settings): HostRules {
    const known = hostRules.get(port);
    if (known !== undefined) return known;
    const { host, allowedHosts } = current.network;
    const rules = createHostRules({ listenHost: host, port, allowedHosts });
    hostRules.set(port, rules);
    return rules;
  }

  return {
    authorize(request, authority = null) {
      const current = refresh();
      const bringsToken =
        token === null ? null : broughtToken(token, request.headers.authorization, request.headers.cookie);
      const hosts = rulesFor(request.socket.localPort ?? 0, current);
      const decision = decideAccess(accessFactsOf(request, authority), { hosts, bringsToken });
      if (decision.kind === 'allowed') return null;
      if (decision.code === 'token_required' && !failures.allows()) return tooManyAttempts();
      return new AppError(decision.code, decision.message);
    },
    logIn(candidate) {
      refresh();
      if (token === null) return null;
      if (token.matches(candidate)) return token.setCookie;
      if (!failures.allows()) return tooManyAttempts();
      return new AppError('token_required', 'That is not the access token of this Stoker.');
    },
    tokenFilter() {
      refresh();
      return tokenFilter;
    },
  };
}

const broughtToken =
  (token: AccessToken, authorization: string | undefined, cookie: string | undefined) => (): boolean =>
    token.isBroughtBy(authorization, cookie);

/** @param authority of an absolute-form target, else null */
export function accessFactsOf(request: IncomingMessage, authority: string | null): AccessFacts {
  const { headers } = request;
  return {
    method: request.method ?? 'GET',
    target: request.url ?? '/',
    hosts: hostFields(request.rawHeaders),
    authority,
    origin: headers.origin,
    secFetchSite: single(headers['sec-fetch-site']),
    secFetchMode: single(headers['sec-fetch-mode']),
    secFetchDest: single(headers['sec-fetch-dest']),
    isUpgrade: headers.upgrade !== undefined,
  };
}

/** From the raw fields: node keeps only the first of several. */
function hostFields(rawHeaders: readonly string[]): string[] {
  const hosts: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (name.length === 4 && name.toLowerCase() === 'host') hosts.push(rawHeaders[index + 1] ?? '');
  }
  return hosts;
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value.join(', ') : value;

const tooManyAttempts = (): AppError =>
  new AppError('too_many_attempts', 'Too many requests with a wrong access token or none came in.');
