/**
 * Plays the recorded requests against a ComfyUI and pairs every answer and every WebSocket message with the recorded one.
 * It waits for messages, never for time: a request is sent when its sockets have received what they had in the recording.
 */
import WebSocket from 'ws';
import { loadRecording, type RecordedEvent, type RecordedRequest } from './contract-recording.ts';
import { foreignHeaders, uploadBody } from './contract-requests.ts';
import { type Asked, ask } from './http-ask.ts';

/** `status` is null when the request was given up without an answer. */
export type Answer = Pick<Asked, 'headers' | 'bytes'> & { status: number | null };

export interface PlayedRequest {
  recorded: RecordedRequest;
  played: Answer;
}

export interface PlayedFrames {
  section: string;
  socket: string;
  recorded: unknown[];
  played: unknown[];
}

export interface Replay {
  requests: PlayedRequest[];
  /** By section and socket, in the order of the recording. */
  frames: PlayedFrames[];
  /** Recorded prompt ids and the ones given now, pairwise. */
  promptIds: [recorded: string, played: string][];
}

/** Longest wait for one more message; reached only when one is missing, which then shows as a difference. */
const patienceMs = 45_000;
const unansweredMs = 400;
const noAnswer: Answer = { status: null, headers: {}, bytes: Buffer.alloc(0) };

export async function replayRecording(url: string): Promise<Replay> {
  const events = loadRecording();
  const sockets = new Map<string, PlayedSocket>();
  const promptIds: [string, string][] = [];
  const pending: Promise<PlayedRequest>[] = [];
  const expected = new Map<string, number>();

  const caughtUp = async () => {
    for (const [name, count] of expected) await sockets.get(name)?.received(count);
  };
  for (const event of events) {
    switch (event.kind) {
      case 'frame':
        if (!sockets.has(event.socket)) {
          await caughtUp();
          sockets.set(event.socket, openSocket(url, event.frame, needsFlags(events, event.socket)));
        }
        expected.set(event.socket, (expected.get(event.socket) ?? 0) + 1);
        break;
      case 'close':
        await caughtUp();
        await sockets.get(event.socket)?.over();
        await sockets.get(event.socket)?.close();
        break;
      case 'request': {
        await caughtUp();
        const played = play(url, event, promptIds);
        pending.push(played);
        // A request that waits for a frozen server must not hold up the script; all others are answered at once.
        if (event.label !== 'while frozen, long timeout') await played;
        break;
      }
    }
  }
  const requests = await Promise.all(pending);
  return { requests, frames: pairFrames(events, sockets), promptIds };
}

async function play(url: string, recorded: RecordedRequest, promptIds: [string, string][]): Promise<PlayedRequest> {
  const renamed = (text: string) => promptIds.reduce((result, [from, to]) => result.replaceAll(from, to), text);
  const upload = uploadBody(recorded.label, recorded.path);
  const body =
    upload?.body ??
    (recorded.sent === null || recorded.sent === undefined
      ? undefined
      : Buffer.from(renamed(typeof recorded.sent === 'string' ? recorded.sent : JSON.stringify(recorded.sent))));
  const headers = { ...foreignHeaders(recorded.label, url), ...upload?.headers };
  const options = { method: recorded.method, headers, ...(body ? { body } : {}) };
  const target = `${url}${renamed(recorded.path)}`;
  const played: Answer =
    recorded.status === null
      ? await ask(target, { ...options, patienceMs: unansweredMs }).catch(() => noAnswer)
      : await ask(target, options);
  const known = promptIdIn(recorded.body);
  const given = promptIdIn(jsonOf(played.bytes));
  if (known && given && known !== given) promptIds.push([known, given]);
  return { recorded, played };
}

interface PlayedSocket {
  frames: unknown[];
  /** Resolves when so many frames came, or when patience ends. */
  received(count: number): Promise<void>;
  /**
   * Of a socket that came back in the middle of a prompt: resolves when it heard the prompt's end, or when patience ends. Back sooner than
   * in the recording it hears more steps, so that the count of messages is reached before the last of them.
   */
  over(): Promise<void>;
  close(): Promise<void>;
}

function openSocket(url: string, firstFrame: unknown, flags: boolean): PlayedSocket {
  const sid = (firstFrame as { data: { sid: string } }).data.sid;
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?clientId=${sid}`);
  const frames: unknown[] = [];
  const watchers = new Set<() => void>();
  // Messages given up for lost; without counting them every later wait would take its whole patience.
  let lost = 0;
  socket.on('open', () => {
    if (flags) socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }));
  });
  socket.on('message', (data, binary) => {
    frames.push(binary ? describeBinary(data as Buffer) : JSON.parse(data.toString()));
    for (const watcher of watchers) watcher();
  });
  const until = (isReached: () => boolean, giveUp: () => void): Promise<void> =>
    new Promise((resolve) => {
      const finish = () => {
        clearTimeout(timer);
        watchers.delete(look);
        resolve();
      };
      const look = () => {
        if (isReached()) finish();
      };
      const timer = setTimeout(() => {
        giveUp();
        finish();
      }, patienceMs);
      watchers.add(look);
      look();
    });
  const isExecuting = (frame: unknown): frame is { data: Record<string, unknown> } =>
    (frame as { type?: string }).type === 'executing';
  return {
    frames,
    received: (count) =>
      until(
        () => frames.length + lost >= count,
        () => {
          lost = count - frames.length;
        },
      ),
    async over() {
      // Only the first message to one that comes back names a node without its prompt.
      if (!frames.some((frame) => isExecuting(frame) && !('prompt_id' in frame.data))) return;
      await until(
        () => frames.some((frame) => isExecuting(frame) && frame.data.node === null),
        () => undefined,
      );
    },
    close: () =>
      new Promise((resolve) => {
        socket.on('close', () => resolve());
        socket.close();
      }),
  };
}

function describeBinary(data: Buffer): unknown {
  const event = data.readUInt32BE(0);
  const head = data.subarray(0, 24).toString('hex');
  if (event !== 4) return { binary: event, meta: null, head };
  const length = data.readUInt32BE(4);
  return { binary: event, meta: JSON.parse(data.toString('utf8', 8, 8 + length)), head };
}

function needsFlags(events: readonly RecordedEvent[], socket: string): boolean {
  return events.some(
    (event) =>
      event.kind === 'frame' && event.socket === socket && (event.frame as { type?: string }).type === 'feature_flags',
  );
}

function pairFrames(events: readonly RecordedEvent[], sockets: ReadonlyMap<string, PlayedSocket>): PlayedFrames[] {
  const paired: PlayedFrames[] = [];
  for (const [socket, { frames }] of sockets) {
    let taken = 0;
    const recorded = events.flatMap((event) => (event.kind === 'frame' && event.socket === socket ? [event] : []));
    const sections = [...new Set(recorded.map((event) => event.section))];
    sections.forEach((section, index) => {
      const own = recorded.filter((event) => event.section === section).map((event) => event.frame);
      // The last section takes what is left, so that a message too many shows as well.
      const end = index === sections.length - 1 ? frames.length : taken + own.length;
      paired.push({ section, socket, recorded: own, played: frames.slice(taken, end) });
      taken = end;
    });
  }
  return paired;
}

function jsonOf(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

function promptIdIn(body: unknown): string | undefined {
  if (typeof body !== 'object' || body === null || !('prompt_id' in body)) return undefined;
  return typeof body.prompt_id === 'string' ? body.prompt_id : undefined;
}
