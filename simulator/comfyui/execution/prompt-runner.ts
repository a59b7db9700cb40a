/**
 * Runs one prompt after the other and tells the clients about it, message by message in ComfyUI's order. What a node does
 * is the node's; what waits is the queue's.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageHub } from '../http/message-hub.ts';
import type { NodeCatalogue } from '../nodes/node-catalogue.ts';
import { Interrupted, type NodeResult } from '../nodes/node-type.ts';
import type { ProcessLog } from '../process/process-log.ts';
import { createExecutionOrder } from './execution-order.ts';
import { createNodeCache, type NodeUi, nodeSignatures } from './node-cache.ts';
import { describedPreview, plainPreview } from './preview-frames.ts';
import { createProgressBoard, type ProgressBoard, progressIdentity } from './progress-board.ts';
import { isLink, type Prompt, type QueueItem } from './prompt.ts';
import type { HistoryEntry, PromptQueue } from './prompt-queue.ts';
import { PythonError } from './python-error.ts';
import type { VideoMemory } from './video-memory.ts';

export interface RunnerParts {
  queue: PromptQueue;
  hub: MessageHub;
  catalogue: NodeCatalogue;
  memory: VideoMemory;
  log: ProcessLog;
  /** How long the model takes to load when it is not in memory. */
  loadMs: number;
}

export interface PromptRunner {
  /** Looks for work; called whenever the queue got an item or a flag. Does nothing while a prompt runs. */
  wake(): void;
  /** Ends the running prompt at its next step or node. Without one it has no effect on the next. */
  interrupt(): void;
  /** Where the running job of this client is, for a client that comes back. */
  executingNode(clientId: string): string | undefined;
}

/** What one running prompt carries from node to node. */
interface Job {
  promptId: string;
  prompt: Prompt;
  clientId: string | undefined;
  extraPngInfo: Record<string, unknown>;
  board: ProgressBoard;
  messages: [string, unknown][];
  executed: string[];
}

export function createPromptRunner({ queue, hub, catalogue, memory, log, loadMs }: RunnerParts): PromptRunner {
  const cache = createNodeCache();
  let busy = false;
  let interrupted = false;
  let current: { clientId: string | undefined; nodeId: string | undefined } = {
    clientId: undefined,
    nodeId: undefined,
  };

  const tell = (job: Job, type: string, data: object, audience: 'client' | 'clientOrAll' = 'client') => {
    const stamped = { ...data, timestamp: Date.now() };
    job.messages.push([type, stamped]);
    if (job.clientId !== undefined || audience === 'clientOrAll') hub.publish(type, stamped, job.clientId);
  };
  const showProgress = (job: Job) => hub.publish('progress_state', job.board.snapshot(), job.clientId);
  const throwIfInterrupted = () => {
    if (!interrupted) return;
    interrupted = false;
    throw new Interrupted();
  };

  const loadModel = async () => {
    // On a CPU nothing is loaded unless a load time was asked for: the real one prints nothing for these nodes either.
    if (memory.modelLoaded() || (memory.totalBytes === 0 && loadMs === 0)) return;
    log.print('Requested to load SimulatedModel');
    await sleep(loadMs);
    memory.load();
    log.print(
      `loaded completely ${(memory.freeBytes() / 1024 ** 2).toFixed(1)} ${(memory.reservedBytes() / 1024 ** 2).toFixed(1)} True`,
    );
  };

  const progressOf = (job: Job, nodeId: string) => (value: number, max: number, preview?: Uint8Array) => {
    throwIfInterrupted();
    const described = hub.supports(job.clientId, 'supports_preview_metadata');
    job.board.step(nodeId, value, max);
    showProgress(job);
    if (preview && described)
      hub.publishBinary(describedPreview(preview, progressIdentity(nodeId, job.promptId)), job.clientId);
    hub.publish('progress', { value, max, prompt_id: job.promptId, node: nodeId }, job.clientId);
    if (preview && !described) hub.publishBinary(plainPreview(preview), job.clientId);
  };

  const runNode = async (job: Job, nodeId: string): Promise<void> => {
    const node = job.prompt[nodeId];
    const type = node && catalogue.get(node.class_type);
    if (!type) throw new PythonError('KeyError', `'${nodeId}'`);
    const known = cache.get(nodeId);
    if (known) {
      tellExecuted(job, nodeId, known.ui?.output ?? null);
      job.board.finish(nodeId);
      showProgress(job);
      return;
    }
    job.board.start(nodeId);
    showProgress(job);
    if (job.clientId !== undefined) {
      current = { clientId: job.clientId, nodeId };
      hub.publish('executing', { node: nodeId, display_node: nodeId, prompt_id: job.promptId }, job.clientId);
    }
    throwIfInterrupted();
    await loadModel();
    const inputs = Object.fromEntries(
      Object.entries(node.inputs).map(([name, value]) => [
        name,
        isLink(value) ? cache.get(value[0])?.outputs[value[1]] : value,
      ]),
    );
    const { promptId, prompt, extraPngInfo } = job;
    const call = { nodeId, inputs, prompt, extraPngInfo, promptId, progress: progressOf(job, nodeId) };
    const result: NodeResult = await type.run(call);
    const meta: NodeUi['meta'] = { node_id: nodeId, display_node: nodeId, parent_node: null, real_node_id: nodeId };
    if (result.ui) tellExecuted(job, nodeId, result.ui);
    cache.set(nodeId, { outputs: result.outputs, ui: result.ui && { output: result.ui, meta } });
    job.board.finish(nodeId);
    showProgress(job);
    job.executed.push(nodeId);
  };

  const tellExecuted = (job: Job, nodeId: string, output: Record<string, unknown> | null) => {
    if (job.clientId === undefined) return;
    hub.publish('executed', { node: nodeId, display_node: nodeId, output, prompt_id: job.promptId }, job.clientId);
  };

  const tellFailure = (job: Job, nodeId: string, error: unknown) => {
    const place = {
      prompt_id: job.promptId,
      node_id: nodeId,
      node_type: job.prompt[nodeId]?.class_type,
      executed: job.executed,
    };
    if (error instanceof Interrupted) {
      log.print('Processing interrupted');
      tell(job, 'execution_interrupted', place, 'clientOrAll');
      return;
    }
    const failure = error instanceof Error ? error : new Error(String(error));
    const exceptionType = failure instanceof PythonError ? failure.exceptionType : 'RuntimeError';
    const traceback = [`  File "simulator", in ${place.node_type}\n`];
    log.print(`!!! Exception during processing !!! ${failure.message}`, 'error');
    log.print(
      `Traceback (most recent call last):\n${traceback.join('')}${exceptionType}: ${failure.message}\n`,
      'error',
    );
    tell(job, 'execution_error', {
      ...place,
      // ComfyUI puts a line for tips behind the message and leaves it empty.
      exception_message: `${failure.message}\n`,
      exception_type: exceptionType,
      traceback,
      current_inputs: shownInputs(job.prompt[nodeId]?.inputs ?? {}),
      current_outputs: Object.keys(job.prompt),
    });
  };

  const execute = async (job: Job, outputs: readonly string[]): Promise<boolean> => {
    tell(job, 'execution_start', { prompt_id: job.promptId });
    const { prompt } = job;
    const fingerprint = (nodeId: string) =>
      catalogue.get(prompt[nodeId]?.class_type ?? '')?.fingerprint?.(prompt[nodeId]?.inputs ?? {}) ?? '';
    cache.turnTo(nodeSignatures(prompt, fingerprint));
    const cached = Object.keys(prompt).filter((nodeId) => cache.get(nodeId));
    tell(job, 'execution_cached', { nodes: cached, prompt_id: job.promptId });
    const order = createExecutionOrder(prompt, outputs, {
      isCached: (nodeId) => cache.get(nodeId) !== undefined,
      isOutput: (nodeId) => catalogue.get(prompt[nodeId]?.class_type ?? '')?.isOutput === true,
    });
    for (let nodeId = order.next(); nodeId !== undefined; nodeId = order.next()) {
      try {
        await runNode(job, nodeId);
      } catch (error) {
        tellFailure(job, nodeId, error);
        return false;
      }
      order.done(nodeId);
    }
    tell(job, 'execution_success', { prompt_id: job.promptId });
    return true;
  };

  const run = async (item: QueueItem): Promise<void> => {
    const started = performance.now();
    const [, promptId, prompt, extraData, outputs] = item;
    const clientId = typeof extraData.client_id === 'string' ? extraData.client_id : undefined;
    const board = createProgressBoard(promptId);
    const extraPngInfo = asRecord(extraData.extra_pnginfo);
    const job: Job = { promptId, prompt, clientId, extraPngInfo, board, messages: [], executed: [] };
    interrupted = false;
    current = { clientId, nodeId: undefined };
    const completed = await execute(job, outputs);
    current = { clientId, nodeId: undefined };
    const entry: HistoryEntry = {
      prompt: item,
      outputs: {},
      status: { status_str: completed ? 'success' : 'error', completed, messages: job.messages },
      meta: {},
    };
    for (const nodeId of Object.keys(prompt)) {
      const ui = cache.get(nodeId)?.ui;
      if (!ui) continue;
      entry.outputs[nodeId] = ui.output;
      entry.meta[nodeId] = ui.meta;
    }
    queue.finish(entry);
    if (clientId !== undefined) hub.publish('executing', { node: null, prompt_id: promptId }, clientId);
    log.print(`Prompt executed in ${((performance.now() - started) / 1000).toFixed(2)} seconds`);
  };

  const work = async (): Promise<void> => {
    for (;;) {
      const item = queue.take();
      if (item) await run(item);
      const { unloadModels, freeMemory } = queue.takeFlags();
      if (unloadModels ?? freeMemory) memory.unload();
      if (freeMemory) cache.clear();
      if (!item) return;
    }
  };

  const wake = () => {
    if (busy) return;
    busy = true;
    // In a turn of its own: the answer to POST /prompt leaves before the first node can freeze the loop.
    setImmediate(() => {
      void work().finally(() => {
        busy = false;
        if (queue.remaining() > 0) wake();
      });
    });
  };

  return {
    wake,
    interrupt() {
      interrupted = true;
    },
    executingNode: (clientId) => (current.clientId === clientId ? current.nodeId : undefined),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

/** Inputs as the error message shows them: each a list, pictures by their size. */
function shownInputs(inputs: Record<string, unknown>): Record<string, unknown[]> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [name, [isLink(value) ? `tensor of node ${value[0]}` : value]]),
  );
}
