/** The engine's own log (not ComfyUI's output): JSON lines through pino, secrets redacted by path. */
import { type DestinationStream, type Logger, pino } from 'pino';

export type Log = Logger;

/** Paths whose values must never be written, wherever an object is logged. */
const REDACTED = [
  'token',
  '*.token',
  'authorization',
  '*.authorization',
  'headers.cookie',
  '*.headers.cookie',
  'environment',
  '*.environment',
];

/** @param destination where lines go; pino-roll's stream in production, an array in tests. */
export function createLog(destination: DestinationStream, level: string = 'info'): Log {
  return pino(
    { level, base: null, timestamp: pino.stdTimeFunctions.isoTime, redact: { paths: REDACTED, censor: '••••' } },
    destination,
  );
}

/** For tests and short commands that keep no log. */
export function silentLog(): Log {
  return pino({ level: 'silent' });
}
