/** Reads `GET /queue` and follows a prompt's progress from its messages. Pure: answers in, facts out. */
import type { QueuedPrompt, QueueStatus } from '../../contract/status.ts';
import type { ComfyMessage, NodeProgress } from './frames.ts';
import { type Fields, isFields } from './json-fields.ts';

/** Class of each node of a prompt, by node id. */
export type NodeTypes = ReadonlyMap<string, string>;

export interface RunningPrompt {
  readonly promptId: string;
  readonly nodeTypes: NodeTypes;
}

export interface QueueAnswer {
  readonly running: number;
  readonly pending: number;
  /** Running first, then pending in their order; at most `MAX_ITEMS`. */
  readonly items: readonly QueuedPrompt[];
  /** The prompt that runs; null when none does. ComfyUI runs one at a time. */
  readonly current: RunningPrompt | null;
  /** Ids of everything that runs or waits. */
  readonly promptIds: ReadonlySet<string>;
}

export const MAX_ITEMS = 100;

export const EMPTY_QUEUE: QueueAnswer = { running: 0, pending: 0, items: [], current: null, promptIds: new Set() };

/** @returns null when this is no answer of `GET /queue` */
export function readQueue(answer: unknown): QueueAnswer | null {
  if (!isFields(answer)) return null;
  const { queue_running: running, queue_pending: pending } = answer;
  if (!Array.isArray(running) || !Array.isArray(pending)) return null;
  const all: unknown[] = [...running, ...pending];
  const first = readItem(running[0]);
  return {
    running: running.length,
    pending: pending.length,
    items: all.slice(0, MAX_ITEMS).flatMap((item) => readItem(item)?.shown ?? []),
    current: first === null ? null : { promptId: first.shown.promptId, nodeTypes: nodeTypesOf(first.graph) },
    promptIds: new Set(all.flatMap((item) => (Array.isArray(item) && typeof item[1] === 'string' ? [item[1]] : []))),
  };
}

/** An item is `[number, prompt_id, prompt, extra_data, outputs_to_execute]`. */
function readItem(item: unknown): { shown: QueuedPrompt; graph: Fields } | null {
  if (!Array.isArray(item)) return null;
  const [number, promptId, prompt, , outputs] = item as unknown[];
  if (typeof number !== 'number' || typeof promptId !== 'string') return null;
  const graph = isFields(prompt) ? prompt : {};
  const title = titleOf(graph, Array.isArray(outputs) ? outputs : []);
  return { shown: { promptId, number, nodeCount: Object.keys(graph).length, title }, graph };
}

/** What a person calls the prompt: where it saves to, else the class of its first output. */
export function titleOf(graph: Fields, outputs: readonly unknown[]): string | null {
  const nodes = outputs.map((id) => graph[String(id)]).filter(isFields);
  for (const { inputs } of nodes) {
    const prefix = isFields(inputs) ? inputs.filename_prefix : null;
    if (typeof prefix === 'string' && prefix !== '') return prefix;
  }
  const [first] = nodes;
  return typeof first?.class_type === 'string' ? first.class_type : null;
}

function nodeTypesOf(graph: Fields): NodeTypes {
  return new Map(
    Object.entries(graph).flatMap(([id, node]): [string, string][] =>
      isFields(node) && typeof node.class_type === 'string' ? [[id, node.class_type]] : [],
    ),
  );
}

/** How far the prompt that runs has come, as its messages told. */
export interface PromptProgress {
  readonly promptId: string;
  readonly node: string | null;
  readonly step: NodeProgress | null;
  /** Nodes that were executed or taken from the cache. */
  readonly done: ReadonlySet<string>;
}

/** @returns the same object when the message tells nothing new about a prompt */
export function followProgress(progress: PromptProgress | null, message: ComfyMessage): PromptProgress | null {
  switch (message.kind) {
    case 'executionStart':
      return fresh(message.promptId);
    case 'executionCached':
      return withDone(of(progress, message.promptId), message.nodes);
    case 'executing': {
      if (message.promptId === null) return progress;
      if (message.node === null) return progress?.promptId === message.promptId ? null : progress;
      return { ...of(progress, message.promptId), node: message.node, step: null };
    }
    case 'executed':
      return withDone(of(progress, message.promptId), [message.node]);
    case 'progress':
      return { ...of(progress, message.promptId), node: message.node, step: message.progress };
    case 'progressState':
      return withDone(of(progress, message.promptId), message.finished);
    case 'executionEnd':
      return progress?.promptId === message.promptId ? null : progress;
    case 'status':
    case 'featureFlags':
      return progress;
  }
}

const fresh = (promptId: string): PromptProgress => ({ promptId, node: null, step: null, done: new Set() });

const of = (progress: PromptProgress | null, promptId: string): PromptProgress =>
  progress?.promptId === promptId ? progress : fresh(promptId);

const withDone = (progress: PromptProgress, nodes: readonly string[]): PromptProgress => ({
  ...progress,
  done: new Set([...progress.done, ...nodes]),
});

/** Joins what the queue says runs with what the messages said about it. */
export function currentPrompt(running: RunningPrompt | null, progress: PromptProgress | null): QueueStatus['current'] {
  if (running === null) return null;
  const { promptId, nodeTypes } = running;
  const told = of(progress, promptId);
  return {
    promptId,
    node: told.node,
    nodeType: told.node === null ? null : (nodeTypes.get(told.node) ?? null),
    value: told.step?.value ?? null,
    max: told.step?.max ?? null,
    // Nodes that a node expanded into at run time are no part of the prompt, so they do not count.
    nodesDone: [...told.done].filter((node) => nodeTypes.has(node)).length,
    nodesTotal: nodeTypes.size,
  };
}
