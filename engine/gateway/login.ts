/** `GET /manager/login?token=…`: gives a browser the cookie that stands for the access token, and takes the token out of its address bar. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { MANAGER_PREFIX } from '../../contract/manager-api.ts';
import { AppError } from '../platform/app-error.ts';
import { sendError } from './error-answer.ts';
import type { Gatekeeper } from './gatekeeper.ts';

export function answerLogin(
  request: IncomingMessage,
  response: ServerResponse,
  target: string,
  gatekeeper: Pick<Gatekeeper, 'logIn'>,
): void {
  const queryAt = target.indexOf('?');
  const candidate = new URLSearchParams(queryAt === -1 ? '' : target.slice(queryAt)).get('token') ?? '';
  const outcome = gatekeeper.logIn(candidate);
  if (outcome instanceof AppError) {
    // The page offers this address again: without what was just tried.
    request.url = MANAGER_PREFIX;
    sendError(request, response, outcome, outcome.status === 429 ? { retryAfterSeconds: 1 } : {});
    return;
  }
  response.writeHead(303, {
    Location: MANAGER_PREFIX,
    'Cache-Control': 'no-store',
    'Referrer-Policy': 'no-referrer',
    'Content-Length': 0,
    ...(outcome === null ? {} : { 'Set-Cookie': outcome }),
  });
  response.end();
}
