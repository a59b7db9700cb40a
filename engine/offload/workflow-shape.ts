/** What a workflow needs of the card, as far as its nodes and models tell: the same shape needs about as much again. Pure. */
import { createHash } from 'node:crypto';
import type { Workflow } from '../../contract/jobs.ts';

const MODEL_FILE = /\.(safetensors|sft|ckpt|pt|pth|bin|gguf|onnx)$/i;

/** @returns a hash of its node types and the models they name */
export function workflowShape(workflow: Workflow): string {
  const parts = Object.values(workflow).map(({ class_type, inputs }) => {
    const models = Object.values(inputs).filter((value) => typeof value === 'string' && MODEL_FILE.test(value));
    return JSON.stringify([class_type, ...models.sort()]);
  });
  return createHash('sha256').update(parts.sort().join('\n')).digest('hex');
}
