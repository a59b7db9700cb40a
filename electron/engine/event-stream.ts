/** Reads `GET /manager/events` until it ends or falls silent. Whether to try again is for engine-host.ts. */
import type { IncomingMessage } from 'node:http';
import { createParser } from 'eventsource-parser';
import { EVENT_NAMES, EVENT_SCHEMAS, type EventName, type EventPayload } from '../../contract/events.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { EngineClient } from './client.ts';

/** The engine says something every 15 s at least. */
export const SILENCE_LIMIT_MS = 35_000;

export type EngineEvent = {
  [Name in EventName]: { readonly name: Name; readonly value: EventPayload[Name] };
}[EventName];

/**
 * Resolves when the stream has ended, by whomever; what it tells comes through `onEvent`.
 * @param onOpen receives the way to end it
 * @throws EngineRefusal when it does not begin
 */
export async function readEvents(
  client: Pick<EngineClient, 'stream'>,
  topics: readonly EventName[],
  onEvent: (event: EngineEvent) => void,
  onOpen: (end: () => void) => void = () => undefined,
  silenceLimitMs: number = SILENCE_LIMIT_MS,
): Promise<void> {
  const response = await client.stream(`${MANAGER_ROUTES.events}?topics=${topics.join(',')}`, silenceLimitMs);
  onOpen(() => response.destroy());
  const parser = createParser({
    onEvent({ event, data }) {
      const known = parseEvent(event, data);
      if (known !== null) onEvent(known);
    },
  });
  await readToEnd(response, (text) => parser.feed(text));
}

function readToEnd(response: IncomingMessage, onText: (text: string) => void): Promise<void> {
  return new Promise((resolve) => {
    response.setEncoding('utf8');
    response.on('data', onText);
    response.on('error', () => undefined);
    response.once('close', resolve);
  });
}

/** Null for an event that this shell does not know, or that a newer engine shaped otherwise. */
function parseEvent(name: string | undefined, data: string): EngineEvent | null {
  const known = EVENT_NAMES.find((candidate) => candidate === name);
  if (known === undefined) return null;
  try {
    const value = EVENT_SCHEMAS[known].safeParse(JSON.parse(data));
    return value.success ? ({ name: known, value: value.data } as EngineEvent) : null;
  } catch {
    return null;
  }
}
