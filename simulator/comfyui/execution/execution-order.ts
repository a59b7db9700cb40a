/**
 * Which node runs next. Only what the asked outputs need and the cache lacks is run; of the nodes that could run, the one
 * nearest to a picture goes first, as in ComfyUI. Pure.
 */
import { isLink, type Prompt } from './prompt.ts';

export interface OrderFacts {
  isCached(nodeId: string): boolean;
  isOutput(nodeId: string): boolean;
}

export interface ExecutionOrder {
  /** The next node, or undefined when all have run. Throws on a cycle, which validation has already refused. */
  next(): string | undefined;
  /** Marks a node as run, which frees those that waited for it. */
  done(nodeId: string): void;
}

export function createExecutionOrder(prompt: Prompt, outputs: readonly string[], facts: OrderFacts): ExecutionOrder {
  const waitsFor = new Map<string, Set<string>>();
  const add = (nodeId: string) => {
    if (waitsFor.has(nodeId)) return;
    const sources = new Set<string>();
    waitsFor.set(nodeId, sources);
    for (const value of Object.values(prompt[nodeId]?.inputs ?? {})) {
      if (isLink(value) && !facts.isCached(value[0])) sources.add(value[0]);
    }
    for (const source of sources) add(source);
  };
  for (const output of outputs) add(output);

  const waitingFor = (nodeId: string): string[] =>
    [...waitsFor].filter(([, sources]) => sources.has(nodeId)).map(([waiting]) => waiting);
  const leadsToOutput = (nodeId: string, steps: number): boolean =>
    steps === 0 ? facts.isOutput(nodeId) : waitingFor(nodeId).some((waiting) => leadsToOutput(waiting, steps - 1));

  return {
    next() {
      const ready = [...waitsFor].filter(([, sources]) => sources.size === 0).map(([nodeId]) => nodeId);
      if (ready.length === 0 && waitsFor.size > 0) throw new Error('Dependency cycle detected');
      for (const steps of [0, 1, 2]) {
        const near = ready.find((nodeId) => leadsToOutput(nodeId, steps));
        if (near !== undefined) return near;
      }
      return ready[0];
    },
    done(nodeId) {
      waitsFor.delete(nodeId);
      for (const sources of waitsFor.values()) sources.delete(nodeId);
    },
  };
}
