/**
 * Another ComfyUI, by address, as a target. It is asked only when a job goes there: first whether it answers, which wakes nobody, then it gets
 * the files and the prompt, which wake it where a Stoker lets it sleep. What it may have run is never run elsewhere unasked.
 */
import { PAUSED_BY_USER } from '../../../contract/endpoints.ts';
import { toAppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import { createListeners } from '../../platform/listeners.ts';
import { createBreaker } from '../breaker.ts';
import type { ComfyFolders } from '../input-place.ts';
import { jobError } from '../job-error.ts';
import type { RunEnd, TargetTask } from '../target.ts';
import { createTargetElsewhere, type TargetElsewhere } from '../target-elsewhere.ts';
import type { PromptApi } from './prompt-api.ts';
import { runPrompt } from './prompt-run.ts';
import type { ComfyServer } from './server-call.ts';
import type { StoredServer } from './server-store.ts';
import { uploadInputs } from './upload-inputs.ts';

export interface ServerTargetDeps {
  /** As it is now; null once it was removed. */
  readonly server: () => StoredServer | null;
  readonly key: () => string | null;
  readonly api: PromptApi;
  readonly folders: () => ComfyFolders;
  readonly clock: Clock;
}

export interface ServerTarget extends TargetElsewhere {
  /** As it is asked now; null once it was removed. */
  address(): ComfyServer | null;
}

/** A Stoker before it starts its ComfyUI first. */
const WAKE_MS = 600_000;
/** Long runs outlast a restart of the network or of that computer. */
const SILENCE_MS = 1_800_000;
const RETRY_MS = 5000;
/** A wrong key or address, which only a person mends. */
const UNFIT_RETRY_MS = 60_000;
const NEVER = new AbortController().signal;

export function createServerTarget(name: string, deps: ServerTargetDeps): ServerTarget {
  const { clock } = deps;
  const breaker = createBreaker({ name, clock, isTrouble: ({ code }) => code.startsWith('server_') });
  const api = watched(deps.api, breaker.watch);

  function address(): ComfyServer | null {
    const server = deps.server();
    const key = deps.key();
    if (server === null) return null;
    return {
      url: server.url,
      wakeMs: WAKE_MS,
      ...(key === null ? {} : { headers: { authorization: `Bearer ${key}` } }),
    };
  }

  async function run(task: TargetTask): Promise<RunEnd> {
    const server = address();
    if (server === null) return removed(task);
    const follow = { api, clock, server, gone: NEVER, vanished: 'unknown', silenceMs: SILENCE_MS } as const;
    if (task.start.kind === 'resumed') return runPrompt(follow, task);
    const stop = AbortSignal.any([task.cancel, task.detach]);
    try {
      await api.place(server, task.jobId);
    } catch (error) {
      return notHandedOver(task, error);
    }
    try {
      const workflow = await uploadInputs(task.payload.workflow, deps.folders(), (file) =>
        api.upload(server, file, stop),
      );
      return await runPrompt(follow, { ...task, payload: { ...task.payload, workflow } });
    } catch (error) {
      const known = toAppError(error);
      // A file that it does not take, it will not take the next time either.
      if (known.code === 'server_refused')
        return { kind: 'failed', error: jobError(known.code, known.message), again: false };
      return notHandedOver(task, error);
    }
  }

  function removed({ start }: TargetTask): RunEnd {
    const reason = `The server "${name}" was removed.`;
    if (start.kind === 'fresh') return { kind: 'notStarted', reason, retryInMs: RETRY_MS };
    return { kind: 'failed', error: jobError('outcome_unknown', `${reason} It had the job.`), again: false };
  }

  const elsewhere = createTargetElsewhere({
    name,
    breaker,
    changed: createListeners(),
    offer(held) {
      const { maxJobs = 0, paused = false } = deps.server() ?? {};
      const refusal = paused ? `${name} is paused: ${PAUSED_BY_USER}` : null;
      return { free: paused ? 0 : Math.max(0, maxJobs - held), load: held, refusal };
    },
    run,
  });
  return { ...elsewhere, address };
}

/** Files may have arrived there, the prompt has not. */
function notHandedOver({ cancel, detach }: TargetTask, error: unknown): RunEnd {
  if (detach.aborted) return { kind: 'detached' };
  if (cancel.aborted) return { kind: 'cancelled' };
  const known = toAppError(error);
  if (known.code === 'internal') throw error;
  return { kind: 'notStarted', reason: known.message, retryInMs: known.retryable ? RETRY_MS : UNFIT_RETRY_MS };
}

/** Not those about a file: what they say about the server itself, the others say too. */
function watched(api: PromptApi, watch: <Value>(call: Promise<Value>) => Promise<Value>): PromptApi {
  return {
    ...api,
    submit: (...parameters) => watch(api.submit(...parameters)),
    place: (...parameters) => watch(api.place(...parameters)),
    history: (...parameters) => watch(api.history(...parameters)),
  };
}
