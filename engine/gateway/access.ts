/**
 * May this request be here at all? Decided for every request and every WebSocket before anything else happens: by the name
 * it used for us (DNS rebinding), by the page that sent it (CSRF), and by the token where one is set. Pure.
 */
import type { ErrorCode } from '../../contract/errors.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { HostRules } from './host-rules.ts';

export interface AccessFacts {
  readonly method: string;
  /** Path and query as received, without an authority. */
  readonly target: string;
  /** Every Host field; one is right. */
  readonly hosts: readonly string[];
  /** The authority of an absolute-form target; it must be allowed as well. */
  readonly authority: string | null;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
  readonly secFetchMode: string | undefined;
  readonly secFetchDest: string | undefined;
  readonly isUpgrade: boolean;
}

export type AccessDecision =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'refused'; readonly code: ErrorCode; readonly message: string };

export interface AccessRules {
  readonly hosts: HostRules;
  /** Null when no token is set; else whether this request brought it. */
  readonly bringsToken: (() => boolean) | null;
}

const ALLOWED: AccessDecision = { kind: 'allowed' };

/** The one request that needs no token, because it brings it: `GET /manager/login?token=…`. */
export function isLogin(method: string, target: string): boolean {
  return method === 'GET' && (target === MANAGER_ROUTES.login || target.startsWith(`${MANAGER_ROUTES.login}?`));
}

export function decideAccess(facts: AccessFacts, rules: AccessRules): AccessDecision {
  const [host] = facts.hosts;
  if (host === undefined || facts.hosts.length > 1) {
    return refused('request_malformed', `The request has ${facts.hosts.length} Host fields instead of one.`);
  }
  for (const name of facts.authority === null ? [host] : [host, facts.authority]) {
    if (!rules.hosts.allowsHost(name))
      return refused('host_not_allowed', `Stoker does not answer to the name "${name}".`);
  }
  const foreign = foreignSender(facts, host, rules.hosts);
  if (foreign !== null) return refused('origin_not_allowed', foreign);
  if (rules.bringsToken !== null && !isLogin(facts.method, facts.target) && !rules.bringsToken()) {
    return refused('token_required', 'This Stoker asks for its access token.');
  }
  return ALLOWED;
}

/** What is wrong with where the request comes from, or null. Programs send neither field and pass. */
function foreignSender(facts: AccessFacts, host: string, hosts: HostRules): string | null {
  const { origin, secFetchSite } = facts;
  if (origin !== undefined && !hosts.allowsOrigin(origin, host)) {
    return `A page of ${origin === 'null' ? 'an unnamed origin' : origin} sent this request.`;
  }
  switch (secFetchSite) {
    case undefined:
    case 'same-origin':
    // The address bar, a bookmark.
    case 'none':
      return null;
    case 'same-site':
      // Another port of this computer: it may show our pictures, but not change anything in our user's name.
      return origin !== undefined || (isSafe(facts.method) && !facts.isUpgrade)
        ? null
        : 'A page of another address on this computer sent this request.';
    case 'cross-site':
      if (origin !== undefined && hosts.listsOrigin(origin)) return null;
      return isHarmlessLink(facts) ? null : 'A page of another web site sent this request.';
    default:
      return `Sec-Fetch-Site is "${secFetchSite}", which no browser sends.`;
  }
}

/**
 * A link on another site, followed in a tab of its own, to what only shows something. Not below `/api` and not into a frame:
 * some custom nodes change things on GET, and a framed page can be clicked by a blindfolded user.
 */
function isHarmlessLink({ method, target, secFetchMode, secFetchDest, isUpgrade }: AccessFacts): boolean {
  if (method !== 'GET' || isUpgrade || secFetchMode !== 'navigate' || secFetchDest !== 'document') return false;
  const path = target.split('?', 1)[0] ?? '';
  return LINKABLE.has(path) || path.startsWith('/manager/');
}

const LINKABLE: ReadonlySet<string> = new Set(['/', '/comfyui', '/comfyui/', '/view', '/comfyui/view', '/manager']);

const isSafe = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

const refused = (code: ErrorCode, message: string): AccessDecision => ({ kind: 'refused', code, message });
