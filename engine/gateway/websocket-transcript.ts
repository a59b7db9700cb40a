/**
 * What one client has been told about the queue and its prompt, so that nothing is said to it twice and so that it hears
 * the end of what ComfyUI can no longer tell. Pure.
 */
import {
  type ComfyMessage,
  executionErrorFrame,
  executionInterruptedFrame,
  nothingExecutingFrame,
  statusFrame,
} from '../comfyui/frames.ts';

export interface Transcript {
  readonly queueRemaining: number | null;
  /** The server's feature flags as they were told, for comparison. */
  readonly featureFlags: string | null;
  /** The client's own prompt, from its start until `executing null` closed it. */
  readonly prompt: ToldPrompt | null;
}

export interface ToldPrompt {
  readonly promptId: string;
  readonly node: string | null;
  readonly executed: readonly string[];
  /** The outcome was told, `executing null` not yet. */
  readonly ended: boolean;
}

export const NOTHING_TOLD: Transcript = { queueRemaining: null, featureFlags: null, prompt: null };

/** The types that change a transcript; others pass unread. */
const TOLD_TYPES: ReadonlySet<string> = new Set([
  'status',
  'feature_flags',
  'execution_start',
  'executing',
  'executed',
  'execution_success',
  'execution_error',
  'execution_interrupted',
]);

export const isTold = (type: string | null): boolean => type !== null && TOLD_TYPES.has(type);

export function tell(transcript: Transcript, message: ComfyMessage): Transcript {
  switch (message.kind) {
    case 'status':
      return { ...transcript, queueRemaining: message.queueRemaining };
    case 'featureFlags':
      return { ...transcript, featureFlags: message.flags };
    default:
      return { ...transcript, prompt: tellPrompt(transcript.prompt, message) };
  }
}

function tellPrompt(prompt: ToldPrompt | null, message: ComfyMessage): ToldPrompt | null {
  switch (message.kind) {
    case 'executionStart':
      return begun(message.promptId);
    case 'executing': {
      const { promptId, node } = message;
      if (node === null) return promptId === null || promptId === prompt?.promptId ? null : prompt;
      const current = promptId === null ? prompt : of(prompt, promptId);
      return current === null ? null : { ...current, node };
    }
    case 'executed': {
      const current = of(prompt, message.promptId);
      return { ...current, executed: [...current.executed, message.node] };
    }
    case 'executionEnd':
      return { ...of(prompt, message.promptId), ended: true };
    default:
      return prompt;
  }
}

const begun = (promptId: string): ToldPrompt => ({ promptId, node: null, executed: [], ended: false });

const of = (prompt: ToldPrompt | null, promptId: string): ToldPrompt =>
  prompt?.promptId === promptId ? prompt : begun(promptId);

/**
 * True for what ComfyUI says at the beginning of every connection and this client knows already: the first `status`
 * (it alone has a sid), the feature flags, and the node being executed (it alone lacks a prompt id).
 */
export function isRepeat(transcript: Transcript, message: ComfyMessage): boolean {
  switch (message.kind) {
    case 'status':
      return message.sid !== null && message.queueRemaining === transcript.queueRemaining;
    case 'featureFlags':
      return message.flags === transcript.featureFlags;
    case 'executing':
      return message.promptId === null && message.node !== null && message.node === transcript.prompt?.node;
    default:
      return false;
  }
}

/** How ComfyUI ended, as far as its clients are concerned. */
export type Loss =
  /** It crashed, hung or was killed; the message is for a person. */
  | { readonly kind: 'failed'; readonly message: string }
  /** Somebody stopped or restarted it. */
  | { readonly kind: 'stopped' };

/** Class of a node of a prompt; null when it is not known. */
export type NodeTypeOf = (promptId: string, node: string) => string | null;

/**
 * What ComfyUI would have said if it could: the prompt that ran is over, the queue is empty. In the order it uses.
 * Prompts that only waited leave without a word, as deleted ones do.
 * @param now epoch milliseconds
 */
export function farewell(
  { prompt, queueRemaining }: Transcript,
  loss: Loss,
  nodeType: NodeTypeOf,
  now: number,
): string[] {
  const emptied = queueRemaining !== null && queueRemaining !== 0 ? [statusFrame(0)] : [];
  if (prompt === null) return emptied;
  return [...outcomeFrames(prompt, loss, nodeType, now), ...emptied, nothingExecutingFrame(prompt.promptId)];
}

/** The end of a prompt that ComfyUI no longer knows: its outcome, unless that was told, and the message that closes it. */
export function lostPromptFrames(prompt: ToldPrompt, loss: Loss, nodeType: NodeTypeOf, now: number): string[] {
  return [...outcomeFrames(prompt, loss, nodeType, now), nothingExecutingFrame(prompt.promptId)];
}

function outcomeFrames(prompt: ToldPrompt, loss: Loss, nodeType: NodeTypeOf, now: number): string[] {
  if (prompt.ended) return [];
  const { promptId, executed } = prompt;
  const node = prompt.node ?? '';
  const lost = { promptId, node, nodeType: nodeType(promptId, node) ?? '', executed };
  return [loss.kind === 'failed' ? executionErrorFrame(lost, loss.message, now) : executionInterruptedFrame(lost, now)];
}
