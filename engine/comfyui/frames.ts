/**
 * ComfyUI's WebSocket messages: reads the few that matter and writes the ones Stoker says in its place.
 * Pure. A frame of a type nobody asked about is never parsed, and nothing here decides who gets what.
 */
import { type Fields, fieldsOf, numberOf, textOf, textsOf } from './json-fields.ts';

/** What a text frame says, as far as Stoker needs to know. `prompt_id` is missing where ComfyUI leaves it out. */
export type ComfyMessage =
  | { readonly kind: 'status'; readonly queueRemaining: number; readonly sid: string | null }
  /** `flags`: what the server says it can do, as JSON, for comparison. */
  | { readonly kind: 'featureFlags'; readonly flags: string }
  | { readonly kind: 'executionStart'; readonly promptId: string }
  | { readonly kind: 'executionCached'; readonly promptId: string; readonly nodes: readonly string[] }
  | { readonly kind: 'executing'; readonly promptId: string | null; readonly node: string | null }
  | { readonly kind: 'executed'; readonly promptId: string; readonly node: string }
  | { readonly kind: 'executionEnd'; readonly promptId: string; readonly outcome: PromptOutcome }
  | { readonly kind: 'progress'; readonly promptId: string; readonly node: string; readonly progress: NodeProgress }
  | { readonly kind: 'progressState'; readonly promptId: string; readonly finished: readonly string[] };

export type PromptOutcome = 'success' | 'error' | 'interrupted';

export interface NodeProgress {
  readonly value: number;
  readonly max: number;
}

/** The types that tell how a prompt is getting on. */
const JOB_FRAMES: ReadonlySet<string> = new Set([
  'execution_start',
  'execution_cached',
  'executing',
  'executed',
  'progress',
  'progress_state',
  'execution_success',
  'execution_error',
  'execution_interrupted',
]);

export const isJobFrame = (type: string | null): boolean => type !== null && JOB_FRAMES.has(type);

/** ComfyUI writes the type first; Python's json puts a blank after the colon, other writers may not. */
const OPENING = /^\{"type": ?"([^"\\]{1,40})"/;
const OPENING_BYTES = 56;

/** The message type of a text frame, from its first bytes; null when it does not begin as ComfyUI's do. */
export function frameType(data: Buffer): string | null {
  return OPENING.exec(data.toString('latin1', 0, OPENING_BYTES))?.[1] ?? null;
}

/** What a text frame says; null when it is of another type, no JSON, or lacks what its type must have. */
export function readFrame(data: Buffer | string): ComfyMessage | null {
  let message: Fields;
  try {
    message = fieldsOf(JSON.parse(typeof data === 'string' ? data : data.toString('utf8')));
  } catch {
    return null;
  }
  const body = fieldsOf(message.data);
  const promptId = textOf(body.prompt_id);
  const node = textOf(body.node);
  switch (message.type) {
    case 'status': {
      const queueRemaining = numberOf(fieldsOf(fieldsOf(body.status).exec_info).queue_remaining);
      return queueRemaining === null ? null : { kind: 'status', queueRemaining, sid: textOf(body.sid) };
    }
    case 'feature_flags':
      return { kind: 'featureFlags', flags: JSON.stringify(body) };
    case 'executing':
      return { kind: 'executing', promptId, node };
    default:
      return promptId === null ? null : readJobFrame(textOf(message.type), promptId, node, body);
  }
}

function readJobFrame(type: string | null, promptId: string, node: string | null, body: Fields): ComfyMessage | null {
  switch (type) {
    case 'execution_start':
      return { kind: 'executionStart', promptId };
    case 'execution_cached':
      return { kind: 'executionCached', promptId, nodes: textsOf(body.nodes) };
    case 'executed':
      return node === null ? null : { kind: 'executed', promptId, node };
    case 'execution_success':
      return { kind: 'executionEnd', promptId, outcome: 'success' };
    case 'execution_error':
      return { kind: 'executionEnd', promptId, outcome: 'error' };
    case 'execution_interrupted':
      return { kind: 'executionEnd', promptId, outcome: 'interrupted' };
    case 'progress': {
      const value = numberOf(body.value);
      const max = numberOf(body.max);
      return node === null || value === null || max === null
        ? null
        : { kind: 'progress', promptId, node, progress: { value, max } };
    }
    case 'progress_state':
      return { kind: 'progressState', promptId, finished: finishedNodes(fieldsOf(body.nodes)) };
    default:
      return null;
  }
}

const finishedNodes = (nodes: Fields): string[] =>
  Object.keys(nodes).filter((node) => fieldsOf(nodes[node]).state === 'finished');

/** Binary event types of ComfyUI's protocol.py. */
const PREVIEW_IMAGE = 1;
const PREVIEW_IMAGE_WITH_METADATA = 4;
const PICTURE_TYPES: Readonly<Record<number, PreviewFrame['type']>> = { 1: 'image/jpeg', 2: 'image/png' };

export interface PreviewFrame {
  /** Null where the frame does not tell. */
  readonly promptId: string | null;
  readonly type: 'image/jpeg' | 'image/png';
  readonly bytes: Buffer;
}

/** The picture in a binary frame; null when it is a frame of another kind. */
export function readPreview(data: Buffer): PreviewFrame | null {
  if (data.length < 8) return null;
  const event = data.readUInt32BE(0);
  const word = data.readUInt32BE(4);
  if (event === PREVIEW_IMAGE) {
    const type = PICTURE_TYPES[word];
    return type === undefined ? null : { promptId: null, type, bytes: data.subarray(8) };
  }
  if (event !== PREVIEW_IMAGE_WITH_METADATA || data.length < 8 + word) return null;
  try {
    const { image_type: type, prompt_id: promptId } = fieldsOf(JSON.parse(data.toString('utf8', 8, 8 + word)));
    if (type !== 'image/jpeg' && type !== 'image/png') return null;
    return { promptId: textOf(promptId), type, bytes: data.subarray(8 + word) };
  } catch {
    return null;
  }
}

/**
 * True for a binary frame whose loss costs nothing but a moment's look at the sampler: a JPEG preview.
 * PNG frames are kept: that is how SaveImageWebsocket delivers results.
 */
export const isDispensablePreview = (data: Buffer): boolean => readPreview(data)?.type === 'image/jpeg';

const frame = (type: string, data: Fields): string => JSON.stringify({ type, data });

/** The first message of every connection carries the `sid`; broadcasts do not. */
export const statusFrame = (queueRemaining: number, sid?: string): string =>
  frame('status', {
    status: { exec_info: { queue_remaining: queueRemaining } },
    ...(sid === undefined ? {} : { sid }),
  });

/** Closes a prompt for its client; the page stops spinning on this and on nothing else. */
export const nothingExecutingFrame = (promptId: string): string =>
  frame('executing', { node: null, prompt_id: promptId });

/** What ComfyUI 0.3.64 answers to a client's `feature_flags`; said in its place until the real one was heard. */
export const RECORDED_FEATURE_FLAGS = frame('feature_flags', {
  supports_preview_metadata: true,
  max_upload_size: 104_857_600,
});

export interface LostPrompt {
  readonly promptId: string;
  /** Node that was being executed; empty when none had begun. */
  readonly node: string;
  readonly nodeType: string;
  readonly executed: readonly string[];
}

/** @param timestamp epoch milliseconds */
export const executionInterruptedFrame = (lost: LostPrompt, timestamp: number): string =>
  frame('execution_interrupted', { ...whereItStood(lost), timestamp });

/** @param message what happened, for the page's error dialog */
export const executionErrorFrame = (lost: LostPrompt, message: string, timestamp: number): string =>
  frame('execution_error', {
    ...whereItStood(lost),
    exception_message: `${message}\n`,
    exception_type: 'ComfyUIEnded',
    traceback: [],
    current_inputs: {},
    current_outputs: [],
    timestamp,
  });

const whereItStood = (lost: LostPrompt): Fields => ({
  prompt_id: lost.promptId,
  node_id: lost.node,
  node_type: lost.nodeType,
  executed: lost.executed,
});
