/** Listens to the engine's server-sent events, each checked against the contract. */
import { createParser } from 'eventsource-parser';
import { EVENT_SCHEMAS, type EventName, type EventPayload } from '../../contract/events.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { until } from './until.ts';

export interface EngineEvents {
  /** Payloads of this name so far. */
  of<Name extends EventName>(name: Name): EventPayload[Name][];
  /** Resolves when `wanted` accepts a payload of this name, heard before or to come. */
  heard<Name extends EventName>(
    name: Name,
    wanted?: (value: EventPayload[Name]) => boolean,
  ): Promise<EventPayload[Name]>;
  /** All that came, as it came. */
  text(): string;
  close(): void;
}

const LIMIT_MS = 60_000;
const open = new Set<EngineEvents>();

/** Call it in `afterEach`, before the engines are stopped. */
export function closeEventStreams(): void {
  for (const stream of open) stream.close();
}

export async function listen(
  url: string,
  topics: readonly EventName[],
  headers: Readonly<Record<string, string>> = {},
): Promise<EngineEvents> {
  const leaving = new AbortController();
  const answer = await fetch(`${url}${MANAGER_ROUTES.events}?topics=${topics.join(',')}`, {
    headers,
    signal: leaving.signal,
  });
  if (!answer.ok || answer.body === null) throw new Error(`no events: ${answer.status}`);
  const received: { readonly name: string; readonly value: unknown }[] = [];
  let text = '';
  const parser = createParser({
    onEvent({ event = '', data }) {
      received.push({ name: event, value: EVENT_SCHEMAS[event as EventName].parse(JSON.parse(data)) });
    },
  });
  const { body } = answer;
  void (async () => {
    const decoder = new TextDecoder();
    for await (const chunk of body) {
      const piece = decoder.decode(chunk, { stream: true });
      text += piece;
      parser.feed(piece);
    }
  })().catch(() => undefined);

  const stream: EngineEvents = {
    of: <Name extends EventName>(name: Name) =>
      received.filter((event) => event.name === name).map(({ value }) => value as EventPayload[Name]),
    async heard(name, wanted = () => true) {
      await until(() => stream.of(name).some(wanted), LIMIT_MS);
      return stream.of(name).find(wanted) as Awaited<ReturnType<typeof stream.heard<typeof name>>>;
    },
    text: () => text,
    close() {
      open.delete(stream);
      leaving.abort();
    },
  };
  open.add(stream);
  return stream;
}
