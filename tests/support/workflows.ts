/** The API-format workflows of tests/fixtures/workflows, with inputs changed where a test needs work that is not cached. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export type Workflow = Record<string, { class_type: string; inputs: Record<string, unknown> }>;

const folder = resolve(import.meta.dirname, '../fixtures/workflows');

/**
 * @param name file name without `.json`
 * @param changes inputs to set, by `node.input`, for example `{ '2.seconds': 1 }`
 */
export function workflow(name: string, changes: Readonly<Record<string, unknown>> = {}): Workflow {
  const graph = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as Workflow;
  for (const [path, value] of Object.entries(changes)) {
    const [node = '', input = ''] = path.split('.');
    const inputs = graph[node]?.inputs;
    if (inputs === undefined) throw new Error(`workflow ${name} has no node ${node}`);
    inputs[input] = value;
  }
  return graph;
}
