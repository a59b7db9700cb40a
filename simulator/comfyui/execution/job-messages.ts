/**
 * Everything that is told about one running prompt, to its client or to all, in ComfyUI's words; and the part of it that
 * the history keeps. It decides who hears what, not what happens.
 */
import type { MessageHub } from '../http/message-hub.ts';
import { describedPreview, plainPreview } from './preview-frames.ts';
import { createProgressBoard, progressIdentity } from './progress-board.ts';
import { isLink, type Prompt } from './prompt.ts';
import { exceptionTypeOf } from './python-error.ts';

export interface JobMessages {
  started(): void;
  cached(nodeIds: string[]): void;
  /** A node whose result is at hand is only finished; what it showed then is shown again. */
  nodeFromCache(nodeId: string, ui: Record<string, unknown> | undefined): void;
  nodeStarted(nodeId: string): void;
  nodeStepped(nodeId: string, value: number, max: number, preview?: Uint8Array): void;
  nodeFinished(nodeId: string, ui: Record<string, unknown> | undefined): void;
  interrupted(nodeId: string): void;
  failed(nodeId: string, error: Error, traceback: string[]): void;
  succeeded(): void;
  /** After the history was written: for a client that waits for the end of its job, whatever the end. */
  closed(): void;
  /** What the history keeps, in order. */
  kept(): [string, unknown][];
}

export function createJobMessages(
  hub: MessageHub,
  promptId: string,
  prompt: Prompt,
  clientId: string | undefined,
): JobMessages {
  const board = createProgressBoard(promptId);
  const kept: [string, unknown][] = [];
  const executed: string[] = [];

  /** Messages about the job as a whole: stamped, kept, and only for the client that submitted it. */
  const tell = (type: string, data: object, toAllWithoutClient = false) => {
    const stamped = { ...data, timestamp: Date.now() };
    kept.push([type, stamped]);
    if (clientId !== undefined || toAllWithoutClient) hub.publish(type, stamped, clientId);
  };
  /** Progress goes to everybody when nobody owns the job. */
  const showProgress = () => hub.publish('progress_state', board.snapshot(), clientId);
  const toClient = (type: string, data: object) => {
    if (clientId !== undefined) hub.publish(type, { ...data, prompt_id: promptId }, clientId);
  };
  const showOutput = (nodeId: string, output: Record<string, unknown> | null) =>
    toClient('executed', { node: nodeId, display_node: nodeId, output });
  const place = (nodeId: string) => ({
    prompt_id: promptId,
    node_id: nodeId,
    node_type: prompt[nodeId]?.class_type,
    executed: [...executed],
  });

  return {
    started: () => tell('execution_start', { prompt_id: promptId }),
    cached: (nodes) => tell('execution_cached', { nodes, prompt_id: promptId }),
    nodeFromCache(nodeId, ui) {
      showOutput(nodeId, ui ?? null);
      board.finish(nodeId);
      showProgress();
    },
    nodeStarted(nodeId) {
      board.start(nodeId);
      showProgress();
      toClient('executing', { node: nodeId, display_node: nodeId });
    },
    nodeStepped(nodeId, value, max, preview) {
      const described = hub.supports(clientId, 'supports_preview_metadata');
      board.step(nodeId, value, max);
      showProgress();
      if (preview && described) {
        hub.publishBinary(describedPreview(preview, progressIdentity(nodeId, promptId)), clientId);
      }
      hub.publish('progress', { value, max, prompt_id: promptId, node: nodeId }, clientId);
      if (preview && !described) hub.publishBinary(plainPreview(preview), clientId);
    },
    nodeFinished(nodeId, ui) {
      if (ui) showOutput(nodeId, ui);
      board.finish(nodeId);
      showProgress();
      executed.push(nodeId);
    },
    interrupted: (nodeId) => tell('execution_interrupted', place(nodeId), true),
    failed: (nodeId, error, traceback) =>
      tell('execution_error', {
        ...place(nodeId),
        // ComfyUI puts a line for tips behind the message and leaves it empty.
        exception_message: `${error.message}\n`,
        exception_type: exceptionTypeOf(error),
        traceback,
        current_inputs: shownInputs(prompt[nodeId]?.inputs ?? {}),
        current_outputs: Object.keys(prompt),
      }),
    succeeded: () => tell('execution_success', { prompt_id: promptId }),
    closed: () => toClient('executing', { node: null }),
    kept: () => kept,
  };
}

/** Inputs as the error shows them: each a list, pictures by where they come from. */
function shownInputs(inputs: Record<string, unknown>): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, [isLink(value) ? `tensor of node ${value[0]}` : value]]),
  );
}
