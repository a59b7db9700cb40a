/**
 * What the page saves while ComfyUI sleeps: nothing new is answered at once, what may wait is written down and made in order before
 * anything else reaches the woken ComfyUI, and the rest wakes it. Nobody is told "saved" before it is on disk here or there.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '../../contract/settings.ts';
import { readBounded } from '../platform/bounded-body.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { ComfyAddress, Supervisor } from '../supervisor/supervisor.ts';
import type { PageQuestion } from './kept-routes.ts';
import type { KeptWrite, KeptWrites } from './kept-writes.ts';
import type { QuietClient } from './quiet-client.ts';
import { sendAnswer } from './send-answer.ts';
import {
  fileAnswer,
  isNotedWhileOpening,
  readAfterWrites,
  saysNothingNew,
  type WriteMeaning,
  writeMeaning,
} from './user-writes.ts';

/** Waits until ComfyUI answers, or answers the request itself when it does not come to that. */
export type WhenAwake = (deliver: (address: ComfyAddress) => void) => void;

export interface WriteDesk {
  /** @returns false when this write is not for this desk: its body is untouched then */
  take(question: PageQuestion, request: IncomingMessage, response: ServerResponse, whenAwake: WhenAwake): boolean;
  /** The kept answer of a read as it is after the writes; the same when they do not touch it. */
  after(question: PageQuestion, kept: Buffer | null): Buffer | null;
  count(): number;
  /** ComfyUI runs, and something has to reach it before anything else. */
  isReplaying(): boolean;
  /** Resolves when nothing has to any more. */
  replayed(): Promise<void>;
}

export interface WriteDeskDeps {
  readonly writes: () => KeptWrites;
  readonly mode: () => Settings['page']['writesWhileAsleep'];
  /** The body of a kept answer with status 200; null when none is kept. */
  readonly keptBody: (target: string, user: string) => Promise<Buffer | null>;
  readonly client: QuietClient;
  readonly supervisor: Pick<Supervisor, 'address'>;
  readonly onChange: () => void;
  /** ComfyUI did not take a write that the page believes saved. */
  readonly onRefused: (write: KeptWrite, status: number) => void;
  readonly clock: Clock;
  readonly log: Log;
}

const MOST_BYTES = 8 * 1024 * 1024;
const WORKFLOW_LIST = '/userdata?dir=workflows&full_info=true&recurse=true&split=false';

export function createWriteDesk(deps: WriteDeskDeps): WriteDesk {
  const { writes, client, supervisor, clock, log } = deps;
  let replay: { readonly generation: number; readonly over: Promise<void>; gaveUp: boolean } | null = null;

  function take(question: PageQuestion, request: IncomingMessage, response: ServerResponse, whenAwake: WhenAwake) {
    const length = Number(request.headers['content-length'] ?? Number.NaN);
    const isOurs = /^\/(?:settings(?:\/|$)|userdata\/)/.test(question.route);
    if (request.method !== 'POST' || !isOurs || request.headers.expect !== undefined) return false;
    if (question.route.startsWith('/userdata/') && deps.mode() === 'wake') return false;
    if (request.headers['content-encoding'] !== undefined || !(length <= MOST_BYTES)) return false;
    void decide(question, request, response, whenAwake).catch((error: unknown) => {
      log.warn({ error: String(error) }, 'a write of the page could not be kept');
      response.destroy();
    });
    return true;
  }

  async function decide(
    question: PageQuestion,
    request: IncomingMessage,
    response: ServerResponse,
    whenAwake: WhenAwake,
  ) {
    const body = await readBounded(request, MOST_BYTES);
    const target = question.target.replace(/^\/api(?=\/)/, '');
    const write: KeptWrite = {
      target,
      user: question.user,
      type: request.headers['content-type'] ?? null,
      body: body.toString('base64'),
      at: clock.now(),
    };
    const meaning = writeMeaning(target, body);
    if (meaning === null || !(await mayKeep(meaning, question.user))) {
      whenAwake((address) => void deliver(address, write, response));
      return;
    }
    const isKnown = meaning.kind === 'settings' && saysNothingNew(meaning, await settingsOf(question.user));
    if (!isKnown && !(await isWrittenDown(write))) {
      whenAwake((address) => void deliver(address, write, response));
      return;
    }
    const answer =
      meaning.kind === 'file' ? Buffer.from(JSON.stringify(fileAnswer(meaning, body.length, write.at))) : null;
    await sendAnswer(request, response, {
      status: 200,
      headers: answer === null ? [] : ['Content-Type', 'application/json; charset=utf-8'],
      body: answer ?? Buffer.alloc(0),
    });
  }

  async function isWrittenDown(write: KeptWrite): Promise<boolean> {
    try {
      await writes().add(write);
      deps.onChange();
      return true;
    } catch (error) {
      log.warn({ error: String(error) }, 'a write of the page could not be written down; ComfyUI is woken for it');
      return false;
    }
  }

  /** Without ComfyUI its answer must be known too. */
  async function mayKeep(meaning: WriteMeaning, user: string): Promise<boolean> {
    if (meaning.kind === 'settings') {
      if (deps.mode() === 'keep' || isNotedWhileOpening(meaning))
        return (await deps.keptBody('/settings', user)) !== null;
      return saysNothingNew(meaning, await settingsOf(user));
    }
    if (meaning.overwrite) return true;
    if (!meaning.path.startsWith('workflows/')) return false;
    const list = after(
      { route: '/userdata', target: WORKFLOW_LIST, isApi: false, user },
      await deps.keptBody(WORKFLOW_LIST, user),
    );
    const entries: unknown = list === null ? null : JSON.parse(list.toString('utf8'));
    const name = meaning.path.slice('workflows/'.length);
    return Array.isArray(entries) && !entries.some((entry: { path?: unknown }) => entry.path === name);
  }

  async function settingsOf(user: string): Promise<Readonly<Record<string, unknown>>> {
    const question = { route: '/settings', target: '/settings', isApi: false, user };
    const body = after(question, await deps.keptBody('/settings', user));
    return body === null ? {} : JSON.parse(body.toString('utf8'));
  }

  async function deliver(address: ComfyAddress, write: KeptWrite, response: ServerResponse): Promise<void> {
    const gone = new AbortController();
    try {
      const answer = await client.ask(address, requestOf(write), gone.signal);
      await sendAnswer({ method: 'POST', headers: {} }, response, answer);
    } catch (error) {
      log.warn({ error: String(error) }, 'ComfyUI did not answer a write of the page');
      response.destroy();
    }
  }

  function after({ target, user }: PageQuestion, kept: Buffer | null): Buffer | null {
    const own = writes()
      .all()
      .filter((write) => write.user === user);
    if (own.length === 0) return kept;
    return readAfterWrites(target.replace(/^\/api(?=\/)/, ''), kept, own) ?? kept;
  }

  function isReplaying(): boolean {
    const address = supervisor.address();
    if (address === null || writes().all().length === 0) return false;
    return !(replay?.generation === address.generation && replay.gaveUp);
  }

  function replayed(): Promise<void> {
    const address = supervisor.address();
    if (address === null || !isReplaying()) return Promise.resolve();
    if (replay?.generation !== address.generation) {
      const begun = { generation: address.generation, gaveUp: false, over: Promise.resolve() };
      begun.over = makeAll(address).catch((error: unknown) => {
        log.warn({ error: String(error) }, 'what the page saved could not be made; it is tried again at the next wake');
        begun.gaveUp = true;
      });
      replay = begun;
    }
    return replay.over;
  }

  async function makeAll(address: ComfyAddress): Promise<void> {
    for (let [write] = writes().all(); write !== undefined; [write] = writes().all()) {
      const { status } = await client.ask(address, requestOf(write), AbortSignal.timeout(REPLAY_TIMEOUT_MS));
      if (status >= 400) deps.onRefused(write, status);
      writes().removeFirst();
      deps.onChange();
    }
    replay = null;
  }

  return { take, after, count: () => writes().all().length, isReplaying, replayed };
}

/** A ComfyUI that does not answer must not keep everybody from it. */
const REPLAY_TIMEOUT_MS = 20_000;

const requestOf = ({ target, user, type, body }: KeptWrite) => ({
  method: 'POST' as const,
  target,
  user,
  body: { bytes: Buffer.from(body, 'base64'), type },
});
