/**
 * Says where a replay differs from the recording. What may differ is listed here and nowhere else: ids and times, facts of
 * the machine and its folders, prose, and which of several threads came first. All the rest has to be equal.
 */
import { isDeepStrictEqual } from 'node:util';
import type { PlayedFrames, PlayedRequest, Replay } from './contract-replay.ts';

export interface Difference {
  section: string;
  what: string;
  recorded: unknown;
  played: unknown;
}

/** Headers that clients rely on. Only `close` counts of Connection; of the others in the second list, that they are there. */
const exactHeaders = [
  'content-type',
  'content-disposition',
  'cache-control',
  'pragma',
  'expires',
  'accept-ranges',
  'transfer-encoding',
];
const presentHeaders = ['etag', 'last-modified', 'content-length'];

export function compareReplay(replay: Replay, baseDirectory: string): Difference[] {
  const side = (which: 'recorded' | 'played'): Normaliser => {
    const ids = replay.promptIds.map((pair) => pair[which === 'recorded' ? 0 : 1]);
    const base = which === 'recorded' ? '/opt/ComfyUI' : baseDirectory;
    return (value) => normalise(value, { ids, base });
  };
  const sides = { recorded: side('recorded'), played: side('played') };
  return [
    ...replay.requests.flatMap((request) => compareRequest(request, sides)),
    ...replay.frames.flatMap((frames) => compareFrames(frames, sides)),
  ];
}

type Normaliser = (value: unknown) => unknown;
type Sides = Record<'recorded' | 'played', Normaliser>;

function compareRequest({ recorded, played }: PlayedRequest, sides: Sides): Difference[] {
  const what = `${recorded.method} ${recorded.path}${recorded.label ? ` (${recorded.label})` : ''}`;
  const differences: Difference[] = [];
  const differ = (part: string, left: unknown, right: unknown) => {
    if (isDeepStrictEqual(left, right)) return;
    differences.push({ section: recorded.section, what: `${what}: ${part}`, recorded: left, played: right });
  };
  differ('status', recorded.status, played.status);
  if (recorded.status === null) return differences;
  const headers = Object.fromEntries(
    Object.entries(recorded.headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
  for (const name of exactHeaders) differ(name, headers[name], played.headers[name]);
  for (const name of presentHeaders)
    differ(`has ${name}`, headers[name] !== undefined, played.headers[name] !== undefined);
  differ('closes the connection', headers.connection === 'close', played.headers.connection === 'close');
  // Whether the job is still there when the freeze ends is a race between the server's thread and the worker's.
  if (recorded.label === 'while frozen, long timeout') return differences;
  const body = { recorded: recordedBody(recorded), played: playedBody(played, recorded) };
  differ('body', sides.recorded(body.recorded), sides.played(body.played));
  return differences;
}

function compareFrames({ section, socket, recorded, played }: PlayedFrames, sides: Sides): Difference[] {
  const both = alignReconnect(recorded, played);
  const left = both.recorded.map(sides.recorded);
  const right = both.played.map(sides.played);
  const at = left.findIndex((frame, index) => !isDeepStrictEqual(frame, right[index]));
  if (at < 0 && left.length === right.length) return [];
  const first = at < 0 ? left.length : at;
  return [
    {
      section,
      what: `message ${first + 1} of ${left.length} on socket ${socket} (${right.length} came)`,
      recorded: left[first],
      played: right[first],
    },
  ];
}

/** Steps that a socket missed while it was closed depend on how long that took: leave out those that only one side saw. */
function alignReconnect(recorded: unknown[], played: unknown[]): { recorded: unknown[]; played: unknown[] } {
  const steps = (frames: unknown[]) => frames.flatMap((frame) => (isStep(frame) ? [frame.data.value] : []));
  const isBack = recorded.some((frame) => typeIs(frame, 'executing') && !('prompt_id' in frame.data));
  if (!isBack) return { recorded, played };
  const first = Math.max(steps(recorded)[0] ?? 0, steps(played)[0] ?? 0);
  const kept = (frames: unknown[]) =>
    frames.filter((frame) => {
      if (isStep(frame)) return frame.data.value >= first;
      if (!typeIs(frame, 'progress_state')) return true;
      const nodes = Object.values(frame.data.nodes as Record<string, { state: string; value: number; max: number }>);
      return !nodes.some((node) => node.state === 'running' && node.max > 1 && node.value < first);
    });
  return { recorded: kept(recorded), played: kept(played) };
}

type Message = { type: string; data: Record<string, unknown> };

function typeIs(frame: unknown, type: string): frame is Message {
  return typeof frame === 'object' && frame !== null && (frame as Partial<Message>).type === type;
}

function isStep(frame: unknown): frame is Message & { data: { value: number } } {
  return typeIs(frame, 'progress');
}

/** Bodies that the recording holds only as a description. */
const described = /^<\d+ bytes ([0-9a-f]+)>$/;
const shortened = /^(.*)\.\.\.\(\d+ chars recorded\)$/s;

function recordedBody({ body, path }: PlayedRequest['recorded']): unknown {
  if (typeof body !== 'string') return body;
  const magic = described.exec(body)?.[1];
  if (magic) return { picture: magic.startsWith('89504e47') ? 'png' : magic.startsWith('52494646') ? 'riff' : magic };
  if (shortened.test(body)) return longBody(path, shortened.exec(body)?.[1] ?? '');
  return path === '/' ? { page: body.startsWith('<!doctype html><html lang="en"><head>') } : body;
}

function playedBody(
  { bytes, headers }: PlayedRequest['played'],
  { path, body: recorded }: PlayedRequest['recorded'],
): unknown {
  const text = bytes.toString('utf8');
  if (typeof recorded === 'string') {
    if (described.test(recorded)) {
      const magic = bytes.subarray(0, 4).toString('hex');
      return { picture: magic === '89504e47' ? 'png' : magic === '52494646' ? 'riff' : magic };
    }
    if (shortened.test(recorded)) return longBody(path, text);
    if (path === '/') return { page: /^<!doctype html>\s*<html lang="en">/i.test(text) };
  }
  return headers['content-type']?.startsWith('application/json') ? JSON.parse(text) : text;
}

/** What can be said of an answer of which only the beginning was kept. */
function longBody(path: string, text: string): unknown {
  switch (path) {
    case '/extensions':
      return { listOfModules: /^\["\/extensions\/core\/[^"]+\.js"/.test(text) };
    case '/object_info':
      return { nodesByName: /^\{"[A-Za-z]+": \{"input": \{/.test(text) };
    case '/internal/logs':
      return {
        logLines: /^"\d{4}-\d\d-\d\dT[\d:]+\.\d{6} - Checkpoint files will always be loaded safely\.\\n/.test(text),
      };
    default:
      return { empty: text === '' };
  }
}

const machineFacts = new Set([
  ...['ram_total', 'ram_free', 'vram_total', 'vram_free', 'torch_vram_total', 'torch_vram_free'],
  ...['python_version', 'pytorch_version', 'argv', 'timestamp'],
]);
/** Prose for people, and what a fault looked like inside. */
const words = new Set(['tooltip', 'description', 'output_tooltips', 'traceback', 'current_inputs']);

/** Lists that Python keeps as sets: their order changes with every start. */
const pythonSets = new Set(['executed', 'current_outputs']);

function normalise(value: unknown, context: { ids: readonly string[]; base: string }, key = ''): unknown {
  if (machineFacts.has(key)) return `<${key}>`;
  if (words.has(key)) return `<${key}>`;
  if (key === 'head') return '<head>';
  if (pythonSets.has(key) && Array.isArray(value)) return [...value].sort();
  if (key === 'image' && typeof value === 'object') return value;
  if (typeof value === 'string') return normaliseText(value, context);
  if (Array.isArray(value)) return value.map((item) => normalise(item, context));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [normaliseText(name, context), normalise(item, context, name)]),
  );
}

function normaliseText(text: string, { ids, base }: { ids: readonly string[]; base: string }): string {
  const index = ids.indexOf(text);
  if (index >= 0) return `<prompt ${index}>`;
  return text.replace(base, '<base>').replace(/^ComfyUI_temp_[a-z]{5}_/, 'ComfyUI_temp_<random>_');
}
