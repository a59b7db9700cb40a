/**
 * What a client missed of its own prompt while its connection to a ComfyUI that went on running was interrupted:
 * ComfyUI sends nothing twice, but its history tells how the prompt ended. Pure.
 */
import { nothingExecutingFrame } from '../comfyui/frames.ts';
import { type Fields, fieldsOf, isFields } from '../comfyui/json-fields.ts';
import type { ToldPrompt } from './websocket-transcript.ts';

const ENDINGS = new Set(['execution_success', 'execution_error', 'execution_interrupted']);

/**
 * The messages that were missed, in ComfyUI's order; null when the prompt has not ended.
 * @param history the answer of `GET /history/{id}`, `{}` for a prompt that waits or runs
 */
export function missedFrames(prompt: ToldPrompt, history: unknown): string[] | null {
  const entry = fieldsOf(history)[prompt.promptId];
  if (!isFields(entry)) return null;
  const outputs = fieldsOf(entry.outputs);
  const meta = fieldsOf(entry.meta);
  const frames = Object.entries(outputs)
    .filter(([node]) => !prompt.executed.includes(node))
    .map(([node, output]) => {
      const described = meta[node];
      const displayNode = isFields(described) ? described.display_node : node;
      return { type: 'executed', data: { node, display_node: displayNode, output, prompt_id: prompt.promptId } };
    });
  const ending = prompt.ended ? undefined : endingOf(entry);
  return [
    ...[...frames, ...(ending === undefined ? [] : [ending])].map((frame) => JSON.stringify(frame)),
    nothingExecutingFrame(prompt.promptId),
  ];
}

/** `status.messages` holds `[name, data]` pairs; the last one of the endings is the outcome. */
function endingOf(entry: Fields): { type: string; data: unknown } | undefined {
  const { messages } = fieldsOf(entry.status);
  return Array.isArray(messages) ? messages.flatMap(toEnding).at(-1) : undefined;
}

function toEnding(message: unknown): { type: string; data: unknown }[] {
  if (!Array.isArray(message)) return [];
  const [type, data] = message as unknown[];
  return typeof type === 'string' && ENDINGS.has(type) ? [{ type, data }] : [];
}
