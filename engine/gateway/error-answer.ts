/** How the gateway says no: JSON for programs, a small page for people, always with the code and what to do next. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ERROR_CODES } from '../../contract/errors.ts';
import { stringifyExactly } from '../../contract/exact-json.ts';
import { MANAGER_PREFIX, MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { AppError } from '../platform/app-error.ts';
import { isNavigation } from './browser-request.ts';
import { escapeHtml, sendPage } from './page-shell.ts';

export interface ErrorAnswerOptions {
  /** Seconds after which asking again makes sense; none by default. */
  readonly retryAfterSeconds?: number;
}

/** Answers in ComfyUI's place. A response that has begun is broken off instead, because it cannot be taken back. */
export function sendError(
  request: IncomingMessage,
  response: ServerResponse,
  error: AppError,
  { retryAfterSeconds }: ErrorAnswerOptions = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const headers: Record<string, string> = {};
  if (retryAfterSeconds !== undefined) headers['Retry-After'] = String(Math.max(1, Math.ceil(retryAfterSeconds)));
  if (error.status === 401) headers['WWW-Authenticate'] = 'Bearer realm="Stoker"';
  if (isNavigation(request.method ?? 'GET', request.headers)) {
    sendPage(response, { status: error.status, title: 'Stoker', body: errorBody(error, request.url ?? '/'), headers });
    return;
  }
  sendJson(response, error.status, error.toBody(), headers);
}

/** @param json null for an empty answer */
export function sendJson(
  response: ServerResponse,
  status: number,
  json: unknown,
  headers: Readonly<Record<string, string>> = {},
): void {
  if (json === null) {
    response.writeHead(status, { 'Content-Length': 0, 'Cache-Control': 'no-store', ...headers });
    response.end();
    return;
  }
  const body = stringifyExactly(json);
  response.writeHead(status, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...headers,
  });
  response.end(body);
}

function errorBody(error: AppError, target: string): string {
  return `<div class="heading"><span class="ember bad"></span><h1>${escapeHtml(error.message)}</h1></div>
<p>${escapeHtml(ERROR_CODES[error.code].next)}</p>
${wayOn(error, target)}
<p class="quiet small">Code <code>${escapeHtml(error.code)}</code></p>`;
}

/** What this person can do from here. */
function wayOn(error: AppError, target: string): string {
  switch (error.code) {
    case 'token_required':
    case 'too_many_attempts':
      // The second way: a link from another site comes without the cookie of somebody who is signed in.
      return `<form class="actions" action="${MANAGER_ROUTES.login}" method="get">
<label for="token">Access token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required>
<button class="primary">Sign in</button>
</form>
<p class="small">Signed in already? <a href="${escapeHtml(sameSite(target))}">Go on</a></p>`;
    case 'origin_not_allowed':
      // The reader's own click comes from this page, and so from us.
      return `<p class="actions"><a class="button" href="${escapeHtml(sameSite(target))}">Open it anyway</a> <a href="/">Go to ComfyUI</a></p>`;
    case 'host_not_allowed':
      return '';
    default:
      return `<p class="actions"><a class="button" href="${MANAGER_PREFIX}">Dashboard</a></p>`;
  }
}

/** `//name/x` as a link would lead to another site. */
const sameSite = (target: string): string => (/^\/(?![/\\])/.test(target) ? target : '/');
