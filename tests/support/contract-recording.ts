/**
 * The recorded conversation with a real ComfyUI (tests/fixtures/recordings/comfyui-http-ws.jsonl) as a script: requests in
 * the order in which they were sent, and what each WebSocket had received by then. Long jobs are shortened on load.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

export interface RecordedRequest {
  kind: 'request';
  section: string;
  label: string;
  method: string;
  path: string;
  sent: unknown;
  /** Null when the request was given up without an answer. */
  status: number | null;
  headers: Record<string, string>;
  body: unknown;
  /** Seconds since the start of the recording. */
  sentAt: number;
}

export interface RecordedFrame {
  kind: 'frame';
  section: string;
  socket: string;
  /** A JSON message, or what was noted of a binary frame. */
  frame: unknown;
  at: number;
}

export interface RecordedClose {
  kind: 'close';
  socket: string;
  at: number;
}

export type RecordedEvent = RecordedRequest | RecordedFrame | RecordedClose;

/** Below this a request stands where its answer was noted: the notes are no finer than their milliseconds. */
const quickAnswerMs = 100;

const file = resolve(import.meta.dirname, '../fixtures/recordings/comfyui-http-ws.jsonl');

/** Sorted by time; a request stands where it was sent, not where its answer was noted. */
export function loadRecording(): RecordedEvent[] {
  const events: RecordedEvent[] = [];
  let section = 'reads before any job';
  for (const line of readFileSync(file, 'utf8').trim().split('\n')) {
    const entry = JSON.parse(line) as Record<string, unknown> & { t: number };
    if (entry.kind === 'note') section = String(entry.text).replace(/^=+ /, '');
    else if (entry.kind === 'http') events.push(request(entry, section));
    else if ('closed' in entry) events.push({ kind: 'close', socket: String(entry.tag), at: entry.t });
    else events.push({ kind: 'frame', section, socket: String(entry.tag), frame: frameOf(entry), at: entry.t });
  }
  const time = (event: RecordedEvent) => (event.kind === 'request' ? event.sentAt : event.at);
  return events.map((event) => shorten(event) as RecordedEvent).sort((left, right) => time(left) - time(right));
}

function request(entry: Record<string, unknown> & { t: number }, section: string): RecordedRequest {
  const waitedMs = typeof entry.ms === 'number' ? entry.ms : 3000;
  return {
    kind: 'request',
    section,
    label: String(entry.label ?? ''),
    method: String(entry.method),
    path: String(entry.path),
    sent: entry.sent,
    status: (entry.status as number | null | undefined) ?? null,
    headers: (entry.headers as Record<string, string> | undefined) ?? {},
    body: entry.body,
    sentAt: entry.t - (waitedMs > quickAnswerMs ? waitedMs / 1000 : 0),
  };
}

function frameOf(entry: Record<string, unknown>): unknown {
  return 'msg' in entry ? entry.msg : { binary: entry.event, meta: entry.meta, head: entry.head };
}

/**
 * The same prompts with less to do, wherever they appear, so that a replay takes seconds instead of a minute: blocks of
 * two seconds, and pictures of a seventh of the pixels for the chains of blurs.
 */
function shorten(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(shorten);
  if (typeof value !== 'object' || value === null) return value;
  const node = value as { class_type?: string; inputs?: Record<string, unknown> };
  const copy = Object.fromEntries(Object.entries(value).map(([key, item]) => [key, shorten(item)]));
  if (node.class_type === 'LabBlock') copy.inputs = { ...node.inputs, seconds: 2 };
  if (node.class_type === 'EmptyImage' && node.inputs?.width === 1024)
    copy.inputs = { ...node.inputs, width: 384, height: 384 };
  return copy;
}
