/** `GET /manager/events`: server-sent events for pages, tray and command line. Watching the `gpu` topic is what makes the GPU be measured. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  EVENT_NAMES,
  type EventName,
  type EventPayload,
  type Happening,
  type LogLine,
  type PromptEnd,
} from '../../contract/events.ts';
import type { GpuSnapshot } from '../../contract/gpu.ts';
import type { Status } from '../../contract/status.ts';
import type { Clock } from '../platform/clock.ts';
import type { Unsubscribe } from '../platform/listeners.ts';
import type { JobFeed } from './job-feed.ts';

/** A proxy in between drops a silent connection after 30–60 s. */
const HEARTBEAT_MS = 15_000;
/** Several things change at once when ComfyUI changes its state: one event tells them all. */
const STATUS_COALESCE_MS = 30;
/** A client that does not read is let go; it reconnects and gets the whole status. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;
const FIRST_LOG_LINES = 500;

export interface EventSources {
  readonly clock: Clock;
  readonly status: () => Status;
  /** Something that `status` tells has changed. */
  readonly onStatusChange: (listener: () => void) => Unsubscribe;
  readonly gpu: {
    snapshot(): GpuSnapshot;
    watch(): () => void;
    onReading(listener: (snapshot: GpuSnapshot) => void): Unsubscribe;
  };
  readonly log: { tail(count: number): LogLine[]; onLines(listener: (lines: LogLine[]) => void): Unsubscribe };
  readonly happenings: { onAdd(listener: (happening: Happening) => void): Unsubscribe };
  readonly jobs: JobFeed;
  readonly promptEnds: { onEnd(listener: (end: PromptEnd) => void): Unsubscribe };
}

export interface EventStreams {
  /** Takes the response over until the client goes away. */
  open(request: IncomingMessage, response: ServerResponse, topics: ReadonlySet<EventName>): void;
  count(): number;
  close(): void;
}

/** Unknown names are an error the caller reports; an empty list means all. */
export function parseTopics(text: string | undefined): ReadonlySet<EventName> | { readonly unknown: string } {
  if (text === undefined || text === '') return new Set(EVENT_NAMES);
  const topics = new Set<EventName>();
  for (const name of text.split(',')) {
    const known = EVENT_NAMES.find((candidate) => candidate === name.trim());
    if (known === undefined) return { unknown: name.trim() };
    topics.add(known);
  }
  return topics;
}

export function createEventStreams(sources: EventSources): EventStreams {
  const open = new Set<() => void>();

  return {
    open(request, response, topics) {
      response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      });
      // Else a client of topics that are silent now hears nothing before the first heartbeat.
      response.flushHeaders();
      const endings: Unsubscribe[] = [];
      let cancelPending: Unsubscribe | null = null;

      function end(): void {
        if (!open.delete(end)) return;
        cancelPending?.();
        for (const ending of endings) ending();
        response.end();
      }

      function send<Name extends EventName>(name: Name, value: EventPayload[Name]): void {
        if (response.writableLength > MAX_UNSENT_BYTES) {
          end();
          response.destroy();
          return;
        }
        response.write(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
      }

      function beat(): void {
        response.write(': still here\n\n');
        cancelBeat = sources.clock.after(HEARTBEAT_MS, beat);
      }
      let cancelBeat = sources.clock.after(HEARTBEAT_MS, beat);

      open.add(end);
      endings.push(() => cancelBeat());
      request.on('close', end);
      response.on('close', end);
      response.on('error', end);

      if (topics.has('gpu')) {
        endings.push(sources.gpu.watch());
        endings.push(sources.gpu.onReading((snapshot) => send('gpu', snapshot)));
        send('gpu', sources.gpu.snapshot());
      }
      if (topics.has('log')) {
        const lines = sources.log.tail(FIRST_LOG_LINES);
        if (lines.length > 0) send('log', lines);
        endings.push(sources.log.onLines((newLines) => send('log', newLines)));
      }
      if (topics.has('happening')) endings.push(sources.happenings.onAdd((happening) => send('happening', happening)));
      if (topics.has('promptEnd')) endings.push(sources.promptEnds.onEnd((end) => send('promptEnd', end)));
      if (topics.has('job') || topics.has('jobList')) {
        if (topics.has('job')) for (const now of sources.jobs.running()) send('job', now);
        endings.push(
          sources.jobs.follow(({ changed, list }) => {
            if (topics.has('job')) for (const change of changed) send('job', change);
            if (topics.has('jobList')) send('jobList', list);
          }),
        );
      }
      if (topics.has('status')) {
        send('status', sources.status());
        endings.push(
          sources.onStatusChange(() => {
            cancelPending ??= sources.clock.after(STATUS_COALESCE_MS, () => {
              cancelPending = null;
              send('status', sources.status());
            });
          }),
        );
      }
    },
    count: () => open.size,
    close() {
      for (const end of [...open]) end();
    },
  };
}
