/**
 * Prompts that people queue in ComfyUI's own page, written down before ComfyUI hears of them. The page's prompt goes to ComfyUI by the
 * gateway's hand, and is a job like any other from there on: followed, listed, and queued again when it was lost.
 */
import { randomUUID } from 'node:crypto';
import { parseExactly } from '../../contract/exact-json.ts';
import { type JobState, WorkflowSchema } from '../../contract/jobs.ts';
import { LOCAL_TARGET } from '../../contract/targets.ts';
import { type Fields, fieldsOf, textOf } from '../comfyui/json-fields.ts';
import type { QueueItem, QueueItemTuple } from '../comfyui/queue-items.ts';
import { titleOf } from '../comfyui/queue-status.ts';
import { AppError } from '../platform/app-error.ts';
import { jsonMembers, withMembers } from '../platform/json-members.ts';
import type { GroupCommit } from './group-commit.ts';
import type { JobQueue } from './queue.ts';
import type { JobStore, NewJob } from './store.ts';

export interface JournaledPrompt {
  readonly jobId: string;
  readonly promptId: string;
  /** What to send to ComfyUI: as it came, with a `prompt_id`. */
  readonly request: string;
}

export interface Journal {
  /**
   * Writes a prompt down; resolves when it is on disk. The caller hands it over (`running`), or it waits until ComfyUI may run (`queued`).
   * @param body of `POST /prompt`, as it came
   * @returns null when this is nothing that ComfyUI would queue: it may say so itself
   */
  write(body: string, as: 'running' | 'queued'): Promise<JournaledPrompt | null>;
  /** ComfyUI has it. @param leftOut what it left out of it, in words */
  accepted(jobId: string, promptId: string, leftOut: string | null): Promise<void>;
  /** Nobody knows whether ComfyUI has it. */
  uncertain(jobId: string): void;
  /** ComfyUI certainly does not have it: it waits for its turn. */
  giveBack(jobId: string): Promise<void>;
  /** Its sender was told that it was not taken: there is no such job. */
  refused(jobId: string): Promise<void>;
  /** A prompt that came into ComfyUI's queue some other way is a job from now on. Resolves with its id when that is on disk. */
  adopt(item: QueueItem): Promise<string>;
  /** False when somebody has cancelled it while it was held. */
  mayBeHandedOver(jobId: string): boolean;
  /** Deleted in the page: before ComfyUI hears of it, so that a crash does not bring it back. */
  deleted(promptIds: readonly string[] | 'waiting'): Promise<void>;
  /** The job whose prompt ComfyUI knows by this id; null when it is none of ours. */
  jobOf(promptId: string): string | null;
  /** How many wait here because ComfyUI may not run. */
  kept(): number;
  /** The same as items of ComfyUI's queue. */
  keptItems(): QueueItemTuple[];
}

export interface JournalDeps {
  readonly store: JobStore;
  readonly group: GroupCommit;
  readonly queue: Pick<JobQueue, 'added' | 'pickUp'>;
}

/** The first time, and once more after it was lost. */
const MOST_ATTEMPTS = 2;

export function createJournal({ store, group, queue }: JournalDeps): Journal {
  function jobOf(promptId: string): string | null {
    const state = store.state(promptId);
    if (state !== null) return promptId;
    return store.running().find(({ state: { remoteId } }) => remoteId === promptId)?.id ?? null;
  }

  async function removeFromList(jobId: string): Promise<void> {
    await group.commit(() => {
      store.apply(jobId, { kind: 'cancelled' });
      store.remove(jobId);
    });
  }

  /** In ComfyUI's queue, and not begun as far as is known. */
  const waitsInComfyui = ({ state }: { readonly state: JobState }): boolean =>
    state.kind === 'running' && state.target === LOCAL_TARGET && state.phase !== 'executing';

  return {
    async write(body, as) {
      const prompt = readPrompt(body);
      if (prompt === null) return null;
      const { promptId, request, isFirst, job } = prompt;
      const jobId = await group.commit(() => {
        // A client may use an id again. ComfyUI would run it again; so do we, under another name.
        const id = store.add({ ...job, request, id: store.state(promptId) === null ? promptId : randomUUID() });
        if (isFirst) store.putFirst(id);
        if (as === 'running') store.apply(id, { kind: 'claimed', target: LOCAL_TARGET });
        return id;
      });
      if (as === 'queued') queue.added(jobId);
      return { jobId, promptId, request };
    },
    async accepted(jobId, promptId, leftOut) {
      const message = leftOut ?? 'In the queue of ComfyUI.';
      await group.commit(() => store.apply(jobId, { kind: 'accepted', remoteId: promptId }, message));
      queue.pickUp(jobId);
    },
    uncertain: (jobId) => queue.pickUp(jobId),
    async giveBack(jobId) {
      await group.commit(() => store.apply(jobId, { kind: 'returned', runAt: 0 }));
      queue.added(jobId);
    },
    refused: removeFromList,
    async adopt({ promptId, prompt, extraData, outputs }) {
      const request = JSON.stringify({
        prompt,
        prompt_id: promptId,
        client_id: extraData.client_id,
        extra_data: extraData,
        partial_execution_targets: outputs,
      });
      const job = readPrompt(request)?.job;
      if (job === undefined) throw new AppError('internal', `ComfyUI holds a prompt (${promptId}) without nodes.`);
      await group.commit(() => {
        store.add({ ...job, request, id: promptId });
        store.apply(promptId, { kind: 'claimed', target: LOCAL_TARGET });
        store.apply(promptId, { kind: 'accepted', remoteId: promptId }, "Found in ComfyUI's queue.");
      });
      queue.pickUp(promptId);
      return promptId;
    },
    mayBeHandedOver(jobId) {
      const state = store.state(jobId);
      return state?.kind === 'running' && state.phase === 'submitting';
    },
    async deleted(promptIds) {
      const chosen =
        promptIds === 'waiting'
          ? [
              ...store.keptPrompts(),
              ...store
                .running()
                .filter(waitsInComfyui)
                .map(({ id }) => id),
            ]
          : promptIds.flatMap((id) => jobOf(id) ?? []);
      const pages = chosen.filter((id) => store.summary(id)?.source === 'page');
      await group.commit(() => {
        for (const id of pages) store.apply(id, { kind: 'cancelWanted' }, "Deleted in ComfyUI's page.");
      });
      for (const id of pages) queue.added(id);
    },
    jobOf,
    kept: () => store.keptPrompts().length,
    keptItems: () =>
      store.keptPrompts().flatMap((id, index): QueueItemTuple[] => {
        const fields = parsed(store.payload(id)?.request ?? '');
        const { prompt, prompt_id: promptId, extra_data: extraData, client_id: clientId } = fields;
        return [
          [index, textOf(promptId) ?? id, prompt, { ...fieldsOf(extraData), client_id: clientId }, targetsOf(fields)],
        ];
      }),
  };
}

interface PagePrompt {
  readonly promptId: string;
  readonly request: string;
  /** The page's *Run (front)*. */
  readonly isFirst: boolean;
  readonly job: NewJob;
}

function readPrompt(body: string): PagePrompt | null {
  const fields = parsed(body);
  const workflow = WorkflowSchema.safeParse(fields.prompt);
  if (!workflow.success || jsonMembers(body) === null) return null;
  const given = textOf(fields.prompt_id);
  const promptId = given === null || given === '' ? randomUUID() : given;
  const { extra_pnginfo: pngInfo } = fieldsOf(fields.extra_data);
  return {
    promptId,
    request: given === promptId ? body : withMembers(body, { prompt_id: promptId }),
    isFirst: fields.front === true,
    job: {
      source: 'page',
      workflow: workflow.data,
      // The page's own graph goes into pictures wherever they are made; what else is there may be a token.
      extraData: pngInfo === undefined ? null : { extra_pnginfo: pngInfo },
      wantedTarget: LOCAL_TARGET,
      priority: 0,
      title: titleOf(workflow.data, targetsOf(fields)),
      tags: [],
      userId: null,
      maxAttempts: MOST_ATTEMPTS,
    },
  };
}

/** The outputs that are to be made: the named ones, else those that save something. */
function targetsOf({ partial_execution_targets: named, prompt }: Fields): string[] {
  if (Array.isArray(named)) return named.map(String);
  const saves = (node: unknown): boolean => textOf(fieldsOf(fieldsOf(node).inputs).filename_prefix) !== null;
  return Object.entries(fieldsOf(prompt)).flatMap(([id, node]) => (saves(node) ? [id] : []));
}

function parsed(body: string): Fields {
  try {
    return fieldsOf(parseExactly(body));
  } catch {
    return {};
  }
}
