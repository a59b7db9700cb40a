/** The prompt in API format, and how one node points at another. */

export interface PromptNode {
  class_type: string;
  inputs: Record<string, unknown>;
}

export type Prompt = Record<string, PromptNode>;

/** `[node id, output index]`. */
export type Link = readonly [string, number];

export function isLink(value: unknown): value is Link {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string' && typeof value[1] === 'number';
}

/** The items of the queue as GET /queue lists them: number, id, prompt, extra data, outputs to execute. */
export type QueueItem = [
  number: number,
  promptId: string,
  prompt: Prompt,
  extraData: Record<string, unknown>,
  outputs: string[],
];
