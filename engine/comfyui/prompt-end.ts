/** Reads how a prompt ended from its entry in ComfyUI's history. Pure: an entry in, facts out. */
import type { z } from 'zod';
import type { OutputFileSchema, PromptEnd } from '../../contract/events.ts';
import { type Fields, fieldsOf, isFields, numberOf, textOf } from './json-fields.ts';
import { titleOf } from './queue-status.ts';

export type OutputFile = z.infer<typeof OutputFileSchema>;

const MAX_IMAGES = 100;
const MAX_MESSAGE_LENGTH = 500;

/**
 * @param entry `{ prompt, outputs, status }` of `GET /history`
 * @param now epoch milliseconds, for versions that give their messages no time
 */
export function readPromptEnd(promptId: string, entry: unknown, now: number): PromptEnd {
  const { prompt, outputs, status } = fieldsOf(entry);
  const messages = messagesOf(fieldsOf(status).messages);
  const startedAt = messages.find(({ type }) => type === 'execution_start')?.at ?? null;
  const last = messages.findLast(({ type }) => type in OUTCOMES);
  const outcome = (last && OUTCOMES[last.type]) ?? (fieldsOf(status).status_str === 'error' ? 'failed' : 'completed');
  const endedAt = last?.at ?? null;
  return {
    promptId,
    at: endedAt ?? now,
    outcome,
    title: titleOfTuple(prompt),
    seconds: startedAt === null || endedAt === null ? null : Math.max(0, endedAt - startedAt) / 1000,
    images: imagesOf(outputs).slice(0, MAX_IMAGES),
    message: outcome === 'failed' ? failureWords(last?.body ?? {}) : null,
  };
}

const OUTCOMES: Readonly<Record<string, PromptEnd['outcome']>> = {
  execution_success: 'completed',
  execution_error: 'failed',
  execution_interrupted: 'interrupted',
};

interface HistoryMessage {
  readonly type: string;
  readonly body: Fields;
  /** Epoch milliseconds. */
  readonly at: number | null;
}

/** A message is `[type, body]`. */
function messagesOf(list: unknown): HistoryMessage[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((message: unknown) => {
    const [type, fields] = Array.isArray(message) ? (message as unknown[]) : [];
    const body = fieldsOf(fields);
    return typeof type === 'string' ? [{ type, body, at: numberOf(body.timestamp) }] : [];
  });
}

const titleOfTuple = (prompt: unknown): string | null => {
  const [, , graph, , outputs] = Array.isArray(prompt) ? (prompt as unknown[]) : [];
  return titleOf(fieldsOf(graph), Array.isArray(outputs) ? outputs : []);
};

const RANKS: Readonly<Record<OutputFile['type'], number>> = { output: 0, temp: 1, input: 2 };

/** Pictures of all nodes, saved ones first; each group in the order ComfyUI tells it. */
export function imagesOf(outputs: unknown): OutputFile[] {
  const files = Object.values(fieldsOf(outputs)).flatMap((node) => {
    const { images } = fieldsOf(node);
    return Array.isArray(images) ? images.flatMap((image: unknown) => outputFile(image) ?? []) : [];
  });
  return files.sort((one, other) => RANKS[one.type] - RANKS[other.type]);
}

function outputFile(image: unknown): OutputFile | null {
  if (!isFields(image)) return null;
  const { filename, subfolder, type } = image;
  if (typeof filename !== 'string' || filename === '') return null;
  if (type !== 'output' && type !== 'temp' && type !== 'input') return null;
  return { filename, subfolder: textOf(subfolder) ?? '', type };
}

/** `KSampler (node 3): CUDA out of memory.` */
function failureWords(error: Fields): string {
  const node = textOf(error.node_type);
  const id = textOf(error.node_id);
  const where = node === null ? '' : `${node}${id === null ? '' : ` (node ${id})`}: `;
  const what = textOf(error.exception_message)?.trim() || textOf(error.exception_type) || 'ComfyUI does not say why';
  return `${where}${what}`.replace(/\s+/g, ' ').slice(0, MAX_MESSAGE_LENGTH);
}
