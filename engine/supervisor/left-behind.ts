/**
 * What becomes of the ComfyUI that an earlier engine left: taken over when it is ours and works or may yet, ended only when it
 * is ours and does nothing. A process that is not proven ours is never touched.
 */
import type { Clock } from '../platform/clock.ts';
import type { Custody, Held } from './custody.ts';
import { judgeSilence, type Silence } from './health/hang-policy.ts';
import type { Probe } from './health/stats-probe.ts';
import type { ProcessRecord, ProcessRecords } from './processes/orphans.ts';
import type { ProcessTable } from './processes/process-table.ts';
import type { ProcessTree } from './processes/process-tree.ts';
import { findSuccessor } from './successor.ts';

export interface LeftBehindDeps {
  readonly records: ProcessRecords;
  readonly table: Pick<ProcessTable, 'list' | 'environmentOf' | 'listenerOf'>;
  readonly tree: Pick<ProcessTree, 'end'>;
  readonly custody: Pick<Custody, 'takeOver' | 'end' | 'letGo' | 'endUnrecorded'>;
  readonly probe: Probe;
  readonly clock: Pick<Clock, 'now' | 'monotonic'>;
  readonly wait: (delayMs: number) => Promise<void>;
  readonly startTimeoutMs: number;
  readonly stopGraceMs: number;
  readonly life: LifeSigns;
}

/** By what one that does not answer shows that it works. */
export interface LifeSigns {
  /** As far as its log tells. */
  readonly isPromptRunning: (held: Held) => boolean;
  readonly cpuSeconds: (held: Held) => Promise<number | null>;
  readonly lastLine: () => number;
}

/** In our hands from now on. */
export interface TakenOver {
  readonly held: Held;
  readonly generation: number;
  /** `limitMs`: what is left of the start limit of one that does not listen yet. */
  readonly condition: { readonly kind: 'running' } | { readonly kind: 'starting'; readonly limitMs: number };
}

type Condition = TakenOver['condition'] | { readonly kind: 'useless' };

const ANSWER_LIMIT_MS = 5_000;
/** Even one launched long ago may be in the middle of a restart of its own. */
const SHORTEST_START_MS = 5_000;

/** Takes over what an earlier engine left, or ends it; null when nothing of it is left then. */
export async function takeOverLeftBehind(deps: LeftBehindDeps): Promise<TakenOver | null> {
  const { records, custody } = deps;
  await custody.endUnrecorded();
  const written = records.read();
  const record = written === null ? null : await proven(written, deps);
  if (record === null) {
    records.clear();
    return null;
  }
  // At once: the lifeline of the earlier engine waits only so long for somebody to take over.
  const held = custody.takeOver(record);
  const condition = await conditionOf(held, deps);
  if (condition.kind !== 'useless') return { held, generation: record.generation, condition };
  await custody.end(held, deps.stopGraceMs);
  custody.letGo(held);
  return null;
}

/** The record, or that of the process which took its place; null when nothing that is ours lives. */
async function proven(record: ProcessRecord, deps: LeftBehindDeps): Promise<ProcessRecord | null> {
  const owner = await deps.records.judge(record);
  if (owner === 'ours') return record;
  if (owner === 'stranger') return null;
  const successor = await findSuccessor(record, deps.table);
  if (successor !== null) return { ...record, pid: successor.pid, startToken: successor.startToken };
  await deps.tree.end(record.pid);
  return null;
}

async function conditionOf(held: Held, deps: LeftBehindDeps): Promise<Condition> {
  const { clock, life } = deps;
  let silence: Silence | null = null;
  for (;;) {
    const askedAt = clock.monotonic();
    const answer = await deps.probe(held, { timeoutMs: ANSWER_LIMIT_MS });
    if (answer.kind === 'answered') return { kind: 'running' };
    if (answer.kind === 'refused') {
      const leftMs = deps.startTimeoutMs - (clock.now() - held.launchedAt);
      return { kind: 'starting', limitMs: Math.max(SHORTEST_START_MS, leftMs) };
    }
    // A node that holds Python's lock: whoever runs a prompt is never ended here.
    if (life.isPromptRunning(held)) return { kind: 'running' };
    const cpuSeconds = await life.cpuSeconds(held);
    const check = { busy: false, cpuSeconds, lastLine: life.lastLine(), at: clock.monotonic() };
    const judged = judgeSilence(silence, check);
    if (judged.verdict === 'hung') return { kind: 'useless' };
    // It works at something: the health watch of a running one has the patience for that.
    if (judged.silence.quietChecks === 0) return { kind: 'running' };
    silence = judged.silence;
    // A broken connection is silence too, and comes at once.
    await deps.wait(Math.max(0, ANSWER_LIMIT_MS - (clock.monotonic() - askedAt)));
  }
}
