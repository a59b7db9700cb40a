import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createExecutionOrder } from '../../../../../simulator/comfyui/execution/execution-order.ts';
import type { Prompt } from '../../../../../simulator/comfyui/execution/prompt.ts';

/** Each node with the nodes it takes from. */
function promptOf(graph: Record<string, string[]>): Prompt {
  return Object.fromEntries(
    Object.entries(graph).map(([id, sources]) => [
      id,
      { class_type: 'Any', inputs: Object.fromEntries(sources.map((source, index) => [`in${index}`, [source, 0]])) },
    ]),
  );
}

function run(graph: Record<string, string[]>, outputs: string[], cached: string[] = []): string[] {
  const facts = { isCached: (id: string) => cached.includes(id), isOutput: (id: string) => outputs.includes(id) };
  const order = createExecutionOrder(promptOf(graph), outputs, facts);
  const ran: string[] = [];
  for (let id = order.next(); id !== undefined; id = order.next()) {
    ran.push(id);
    order.done(id);
  }
  return ran;
}

describe('the order of execution', () => {
  it('follows a chain', () => {
    expect(run({ 1: [], 2: ['1'], 3: ['2'] }, ['3'])).toEqual(['1', '2', '3']);
  });

  it('leaves out what no output needs', () => {
    expect(run({ 1: [], 2: ['1'], 3: ['1'] }, ['3'])).toEqual(['1', '3']);
  });

  it('leaves out what the cache has, and what only that needs', () => {
    expect(run({ 1: [], 2: ['1'], 3: ['2'] }, ['3'], ['2'])).toEqual(['3']);
  });

  it('visits an output whose result is cached, so that it is told', () => {
    expect(run({ 1: [], 2: ['1'] }, ['2'], ['1', '2'])).toEqual(['2']);
  });

  it('finishes a picture before it begins the next branch', () => {
    expect(run({ 1: [], 2: ['1'], 3: ['1'], 4: ['3'], 5: ['2'] }, ['4', '5'])).toEqual(['1', '3', '4', '2', '5']);
  });

  it('throws on a cycle', () => {
    expect(() => run({ 1: ['2'], 2: ['1'] }, ['1'])).toThrow('Dependency cycle detected');
  });

  it('runs every needed node once, after all it takes from', () => {
    const graphs = fc
      .integer({ min: 1, max: 12 })
      .chain((size) =>
        fc.tuple(
          ...Array.from({ length: size }, (_, index) =>
            index === 0
              ? fc.constant<number[]>([])
              : fc.uniqueArray(fc.integer({ min: 0, max: index - 1 }), { maxLength: 3 }),
          ),
        ),
      );
    fc.assert(
      fc.property(graphs, (sources) => {
        const graph = Object.fromEntries(
          sources.map((list, index) => [`n${index}`, list.map((source) => `n${source}`)]),
        );
        const outputs = [`n${sources.length - 1}`];
        const ran = run(graph, outputs);
        expect(new Set(ran).size).toBe(ran.length);
        for (const id of ran)
          for (const source of graph[id] ?? []) expect(ran.indexOf(source)).toBeLessThan(ran.indexOf(id));
        expect(ran).toContain(outputs[0]);
      }),
    );
  });
});
