/**
 * Runs one prompt after the other: which nodes, in which order, from the cache or anew, up to an interrupt or an error.
 * What a node does is the node's; what is told of it is job-messages.ts; what waits is the queue's.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { MessageHub } from '../http/message-hub.ts';
import type { NodeCatalogue } from '../nodes/node-catalogue.ts';
import { Interrupted } from '../nodes/node-type.ts';
import type { ProcessLog } from '../process/process-log.ts';
import { createExecutionOrder } from './execution-order.ts';
import { createJobMessages, type JobMessages } from './job-messages.ts';
import { createNodeCache, type NodeUi, nodeSignatures } from './node-cache.ts';
import { isLink, type Prompt, type QueueItem } from './prompt.ts';
import type { HistoryEntry, PromptQueue } from './prompt-queue.ts';
import { exceptionTypeOf, PythonError } from './python-error.ts';
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

interface Job {
  prompt: Prompt;
  clientId: string | undefined;
  extraPngInfo: Record<string, unknown>;
  messages: JobMessages;
}

export function createPromptRunner({ queue, hub, catalogue, memory, log, loadMs }: RunnerParts): PromptRunner {
  const cache = createNodeCache();
  let busy = false;
  let interrupted = false;
  let executing: { clientId: string; nodeId: string } | undefined;

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
    const megabytes = (bytes: number) => (bytes / 1024 ** 2).toFixed(1);
    log.print(`loaded completely ${megabytes(memory.freeBytes())} ${megabytes(memory.reservedBytes())} True`);
  };

  const runNode = async ({ prompt, clientId, extraPngInfo, messages }: Job, nodeId: string): Promise<void> => {
    const node = prompt[nodeId];
    const type = node && catalogue.get(node.class_type);
    if (!type) throw new PythonError('KeyError', `'${nodeId}'`);
    const known = cache.get(nodeId);
    if (known) return messages.nodeFromCache(nodeId, known.ui?.output);
    messages.nodeStarted(nodeId);
    executing = clientId === undefined ? undefined : { clientId, nodeId };
    throwIfInterrupted();
    await loadModel();
    const resolved = (value: unknown) => (isLink(value) ? cache.get(value[0])?.outputs[value[1]] : value);
    const result = await type.run({
      nodeId,
      inputs: Object.fromEntries(Object.entries(node.inputs).map(([name, value]) => [name, resolved(value)])),
      prompt,
      extraPngInfo,
      progress(value, max, preview) {
        throwIfInterrupted();
        messages.nodeStepped(nodeId, value, max, preview);
      },
    });
    const meta: NodeUi['meta'] = { node_id: nodeId, display_node: nodeId, parent_node: null, real_node_id: nodeId };
    cache.set(nodeId, { outputs: result.outputs, ui: result.ui && { output: result.ui, meta } });
    messages.nodeFinished(nodeId, result.ui);
  };

  const tellFailure = ({ prompt, messages }: Job, nodeId: string, thrown: unknown) => {
    if (thrown instanceof Interrupted) {
      log.print('Processing interrupted');
      return messages.interrupted(nodeId);
    }
    const error = thrown instanceof Error ? thrown : new Error(String(thrown));
    const traceback = [`  File "simulator", in ${prompt[nodeId]?.class_type}\n`];
    log.print(`!!! Exception during processing !!! ${error.message}`, 'error');
    log.print(
      `Traceback (most recent call last):\n${traceback.join('')}${exceptionTypeOf(error)}: ${error.message}\n`,
      'error',
    );
    messages.failed(nodeId, error, traceback);
  };

  /** True when all outputs are there. */
  const execute = async (job: Job, outputs: readonly string[]): Promise<boolean> => {
    const { prompt, messages } = job;
    const typeOf = (nodeId: string) => catalogue.get(prompt[nodeId]?.class_type ?? '');
    messages.started();
    cache.turnTo(nodeSignatures(prompt, (nodeId) => typeOf(nodeId)?.fingerprint?.(prompt[nodeId]?.inputs ?? {}) ?? ''));
    messages.cached(Object.keys(prompt).filter((nodeId) => cache.get(nodeId)));
    const order = createExecutionOrder(prompt, outputs, {
      isCached: (nodeId) => cache.get(nodeId) !== undefined,
      isOutput: (nodeId) => typeOf(nodeId)?.isOutput === true,
    });
    for (let nodeId = order.next(); nodeId !== undefined; nodeId = order.next()) {
      try {
        await runNode(job, nodeId);
      } catch (thrown) {
        tellFailure(job, nodeId, thrown);
        return false;
      }
      order.done(nodeId);
    }
    messages.succeeded();
    return true;
  };

  const run = async (item: QueueItem): Promise<void> => {
    const started = performance.now();
    const [, promptId, prompt, extraData, outputs] = item;
    const clientId = typeof extraData.client_id === 'string' ? extraData.client_id : undefined;
    const messages = createJobMessages(hub, promptId, prompt, clientId);
    interrupted = false;
    const completed = await execute(
      { prompt, clientId, extraPngInfo: asRecord(extraData.extra_pnginfo), messages },
      outputs,
    );
    executing = undefined;
    const entry: HistoryEntry = {
      prompt: item,
      outputs: {},
      status: { status_str: completed ? 'success' : 'error', completed, messages: messages.kept() },
      meta: {},
    };
    for (const nodeId of Object.keys(prompt)) {
      const ui = cache.get(nodeId)?.ui;
      if (!ui) continue;
      entry.outputs[nodeId] = ui.output;
      entry.meta[nodeId] = ui.meta;
    }
    queue.finish(entry);
    messages.closed();
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
    executingNode: (clientId) => (executing?.clientId === clientId ? executing.nodeId : undefined),
  };
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
