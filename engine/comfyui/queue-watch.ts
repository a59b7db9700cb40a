/**
 * What ComfyUI is working on, learnt from its own `status` messages (they go to every socket) and `GET /queue`:
 * no polling while it runs. Knows nothing of policy.
 */
import type { PromptEnd } from '../../contract/events.ts';
import type { QueuedPrompt, QueueStatus } from '../../contract/status.ts';
import type { SupervisorState } from '../../contract/supervisor-state.ts';
import { AppError } from '../platform/app-error.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';
import type { Log } from '../platform/log.ts';
import type { ComfyAddress, Supervisor } from '../supervisor/supervisor.ts';
import type { ComfyClient } from './client.ts';
import { createCoalescedTask } from './coalesced-task.ts';
import { frameType, isJobFrame, readFrame } from './frames.ts';
import type { HistoryStore } from './history-store.ts';
import { createHistoryWatch } from './history-watch.ts';
import { createPromptEnds } from './prompt-ends.ts';
import {
  currentPrompt,
  EMPTY_QUEUE,
  followProgress,
  type PromptProgress,
  type QueueAnswer,
  readQueue,
} from './queue-status.ts';
import { openStatusSocket, type StatusSocket } from './status-socket.ts';

export interface QueueWatch {
  /** The last known queue. `known` is false from the moment a prompt passes the gateway until ComfyUI was asked again, and while it does not answer. */
  snapshot(): QueueStatus;
  /**
   * Asks ComfyUI now; resolves with what it said. An empty queue is told only after the history of what ran was saved,
   * so that the caller may end ComfyUI. Rejects with AppError upstream_unreachable when it does not answer.
   */
  refresh(): Promise<QueueStatus>;
  /** The gateway passes something on that changes the queue: the snapshot is not `known` until asked again. */
  expectChange(): void;
  /**
   * A text frame on its way to a client. Progress goes to the submitting client alone, so the gateway lends an ear.
   * Cheap: large frames are kept, and read when somebody wants to know.
   */
  observe(type: string | null, data: Buffer): void;
  /** Class of a node of the prompt that runs or ran last; null when unknown. */
  nodeType(promptId: string, node: string): string | null;
  onChange(listener: (queue: QueueStatus) => void): Unsubscribe;
  /** Each answer of ComfyUI to `GET /queue`, also one that tells nothing new. */
  onAnswer(listener: (places: PromptPlaces) => void): Unsubscribe;
  /** Each prompt's end once, whoever queued it; those of before this engine are not told again. */
  onPromptEnd(listener: (end: PromptEnd) => void): Unsubscribe;
  /** The history ComfyUI last told (newest `GET /history?max_items=64`), kept on disk for reads while it sleeps: a JSON object by prompt id. */
  lastKnownHistory(): Readonly<Record<string, unknown>>;
  close(): void;
}

/** What ComfyUI's queue holds. */
export interface PromptPlaces {
  /** Of the ComfyUI that was asked (`ComfyAddress`). */
  readonly generation: number;
  /** False when something may have been queued since it was asked. */
  readonly known: boolean;
  readonly running: string | null;
  /** Of everything that runs or waits. */
  readonly promptIds: ReadonlySet<string>;
}

export interface QueueWatchDeps {
  readonly supervisor: Pick<Supervisor, 'address' | 'onTransition' | 'state'>;
  readonly client: Pick<ComfyClient, 'queue' | 'history' | 'historyOf'>;
  readonly historyStore: HistoryStore;
  readonly clock: Clock;
  readonly log: Log;
}

/** A flood of prompts makes a flood of `status`; a person cannot read the queue faster than this. */
const QUEUE_GAP_MS = 200;
/** Answers of a long queue take ComfyUI long to write and us to read: they may cost a fifth of the time at most. */
const GAP_PER_DURATION = 4;
const RETRY_MS = 1000;
const PROGRESS_NOTICE_MS = 250;

export function createQueueWatch(deps: QueueWatchDeps): QueueWatch {
  const { supervisor, client, clock, log } = deps;
  const history = createHistoryWatch({
    client,
    store: deps.historyStore,
    onAnswer: (answer) => ends.readHistory(answer),
    clock,
    log,
  });
  const ends = createPromptEnds({ client, earlier: history.lastKnown(), clock, log });
  const changed = createListeners<QueueStatus>((error) =>
    log.error({ error: String(error) }, 'a queue listener failed'),
  );

  const answered = createListeners<PromptPlaces>((error) => log.error({ err: error }, 'a listener of answers failed'));

  let address: ComfyAddress | null = null;
  let socket: StatusSocket | null = null;
  let answer: QueueAnswer = EMPTY_QUEUE;
  let lastRunning: QueueAnswer['current'] = null;
  let known = true;
  /** Ran when ComfyUI ended. */
  let unfinished: QueuedPrompt | null = null;
  /** Grows with everything that makes an earlier answer doubtful. */
  let doubts = 0;
  let progress: PromptProgress | null = null;
  /** The newest snapshot of all nodes, unread: it is large, comes with every step, and each replaces the one before. */
  let unreadState: Buffer | null = null;
  let published = '';
  let cancelNotice: CancelTimer | null = null;
  let cancelRetry: CancelTimer | null = null;

  const queueTask = createCoalescedTask({
    clock,
    run: askQueue,
    minimumGapMs: QUEUE_GAP_MS,
    gapPerDuration: GAP_PER_DURATION,
    onError: (error) => log.debug({ error: String(error) }, 'the queue could not be asked'),
  });

  function snapshot(): QueueStatus {
    readState();
    const { running, pending, items, current } = answer;
    return { running, pending, known, items: [...items], current: currentPrompt(current, progress) };
  }

  function readState(): void {
    if (unreadState === null) return;
    const message = readFrame(unreadState);
    unreadState = null;
    if (message !== null) progress = followProgress(progress, message);
  }

  function publish(): void {
    cancelNotice?.();
    cancelNotice = null;
    const queue = snapshot();
    const text = JSON.stringify(queue);
    if (text === published) return;
    published = text;
    changed.notify(queue);
  }

  function doubt(): void {
    doubts += 1;
    known = false;
  }

  async function askQueue(): Promise<QueueStatus> {
    const asked = address;
    if (asked === null) return snapshot();
    const doubtsBefore = doubts;
    try {
      const told = readQueue(await client.queue());
      if (told === null) throw new AppError('upstream_unreachable', 'ComfyUI answered GET /queue with something else.');
      // Another ComfyUI, or none, by now: what this one said is no longer so.
      if (asked.generation === address?.generation) accept(told, asked, doubtsBefore);
    } catch (error) {
      if (asked.generation === address?.generation) {
        doubt();
        publish();
        retryLater();
      }
      throw error;
    }
    return snapshot();
  }

  function accept(told: QueueAnswer, { generation }: ComfyAddress, doubtsBefore: number): void {
    const finished = [...answer.promptIds].some((id) => !told.promptIds.has(id));
    answer = told;
    lastRunning = told.current ?? lastRunning;
    known = doubts === doubtsBefore;
    if (!known) queueTask.request();
    publish();
    answered.notify({ generation, known, running: told.current?.promptId ?? null, promptIds: told.promptIds });
    ends.followQueue(told.promptIds);
    history.followQueue({ finished, empty: known && told.promptIds.size === 0 });
  }

  async function refresh(): Promise<QueueStatus> {
    const queue = await queueTask.runNow();
    if (queue.running + queue.pending > 0) return queue;
    await history.flush();
    return snapshot();
  }

  function retryLater(): void {
    cancelRetry?.();
    cancelRetry = clock.after(RETRY_MS, () => queueTask.request());
  }

  function hear(data: Buffer): void {
    const type = frameType(data);
    if (type === 'status') queueTask.request();
    else observe(type, data);
  }

  function observe(type: string | null, data: Buffer): void {
    if (!isJobFrame(type)) return;
    if (type === 'progress_state') unreadState = data;
    else {
      readState();
      const message = readFrame(data);
      if (message !== null) progress = followProgress(progress, message);
    }
    cancelNotice ??= clock.after(PROGRESS_NOTICE_MS, publish);
  }

  function followSupervisor(): void {
    followAddress();
    tellLoss();
  }

  /** Only when what ended ComfyUI is over is it known whether somebody stopped it or it failed. */
  function tellLoss(): void {
    const state = supervisor.state();
    if (unfinished === null || state.kind === 'stopping') return;
    const { promptId, title } = unfinished;
    unfinished = null;
    const failed = state.kind === 'backingOff' || state.kind === 'failed';
    ends.lose(promptId, {
      title,
      outcome: failed ? 'failed' : 'interrupted',
      message: failed ? state.error.message : null,
    });
  }

  function followAddress(): void {
    const now = supervisor.address();
    if (now?.generation === address?.generation) return;
    address = now;
    socket?.close();
    socket = null;
    cancelRetry?.();
    history.startOver(now !== null);
    unfinished = answer.items.find(({ promptId }) => promptId === answer.current?.promptId) ?? unfinished;
    ends.startOver(now === null ? 'none' : isAdopted(supervisor.state()) ? 'adopted' : 'fresh');
    answer = EMPTY_QUEUE;
    progress = null;
    unreadState = null;
    if (now === null) {
      // A ComfyUI that does not run has an empty queue: that is known.
      doubts += 1;
      known = true;
    } else {
      doubt();
      socket = openStatusSocket({ address: now, clock, onText: hear, onLost: lostSocket });
      queueTask.request();
    }
    publish();
  }

  function lostSocket(): void {
    doubt();
    publish();
    queueTask.request();
  }

  const stopFollowing = supervisor.onTransition(followSupervisor);
  followSupervisor();

  return {
    snapshot,
    refresh,
    expectChange() {
      if (address === null) return;
      doubt();
      history.expectChange();
      publish();
      queueTask.request();
    },
    observe,
    nodeType: (promptId, node) =>
      lastRunning?.promptId === promptId ? (lastRunning.nodeTypes.get(node) ?? null) : null,
    onChange: (listener) => changed.add(listener),
    onAnswer: (listener) => answered.add(listener),
    onPromptEnd: ends.onEnd,
    lastKnownHistory: history.lastKnown,
    close() {
      stopFollowing();
      socket?.close();
      cancelNotice?.();
      cancelRetry?.();
      queueTask.close();
      history.close();
      ends.close();
    },
  };
}

const isAdopted = (state: SupervisorState): boolean => state.kind === 'running' && state.reason === 'adopted';
