/** Answers what is no HTTP request at all: bytes that node's parser refused, a head that is too long or too slow. */
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { AppError } from '../platform/app-error.ts';
import type { Clock } from '../platform/clock.ts';

/** Closing with unread bytes resets the connection, and the client might never read why. */
const LINGER_MS = 500;

/** @param error from the server's `clientError` event, which may come several times for one socket */
export function answerMalformed(error: Error, socket: Duplex, clock: Pick<Clock, 'after'>): void {
  if (!socket.writable || errorCode(error) === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const answer = malformedError(error);
  const body = JSON.stringify(answer.toBody());
  socket.end(
    `HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status] ?? 'Error'}\r\n` +
      'Content-Type: application/json; charset=utf-8\r\n' +
      `Content-Length: ${Buffer.byteLength(body)}\r\n` +
      `Connection: close\r\n\r\n${body}`,
  );
  const cancel = clock.after(LINGER_MS, () => socket.destroy());
  socket.once('close', cancel);
}

function malformedError(error: Error): AppError {
  switch (errorCode(error)) {
    case 'HPE_HEADER_OVERFLOW':
      return new AppError('headers_too_large', 'The head of the request is longer than 64 KiB.');
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new AppError('request_timeout', 'The head of the request did not arrive within a minute.');
    default:
      return new AppError(
        'request_malformed',
        `This is no valid HTTP request: ${error.message.replace(/^Parse Error: /, '')}.`,
      );
  }
}

const errorCode = (error: Error): string => ('code' in error && typeof error.code === 'string' ? error.code : '');
