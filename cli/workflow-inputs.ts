/** Which input of a workflow a name on the command line means: `12.image`, the title of a node, or the name of an input. Pure. */
import type { Workflow } from '../contract/jobs.ts';

export interface FileInput {
  readonly nodeId: string;
  readonly input: string;
}

/** What nodes that load a file call it. */
const FILE_INPUTS: ReadonlySet<string> = new Set(['image', 'mask', 'video', 'audio', 'file', 'model_file']);

/** @returns the input, or in words why there is not exactly one */
export function findFileInput(workflow: Workflow, name: string): FileInput | { readonly problem: string } {
  const texts = Object.entries(workflow).flatMap(([nodeId, node]) =>
    Object.entries(node.inputs).flatMap(([input, value]) => (typeof value === 'string' ? [{ nodeId, input }] : [])),
  );
  const exact = texts.find(({ nodeId, input }) => `${nodeId}.${input}` === name);
  if (exact !== undefined) return exact;
  const files = texts.filter(({ input }) => FILE_INPUTS.has(input));
  const meant = files.filter(({ nodeId, input }) => [titleOf(workflow, nodeId), nodeId, input].includes(name));
  const [only] = meant;
  if (only !== undefined && meant.length === 1) return only;
  const choices = (meant.length > 1 ? meant : files).map((each) => described(workflow, each));
  const list = choices.length === 0 ? 'It has no input that loads a file.' : `Choose one of: ${choices.join(', ')}.`;
  return { problem: `${meant.length > 1 ? 'Several inputs are' : 'No input is'} called "${name}". ${list}` };
}

/** The same workflow with another value there. */
export function withInput(workflow: Workflow, { nodeId, input }: FileInput, value: string): Workflow {
  const node = workflow[nodeId];
  return node === undefined
    ? workflow
    : { ...workflow, [nodeId]: { ...node, inputs: { ...node.inputs, [input]: value } } };
}

function titleOf(workflow: Workflow, nodeId: string): string | null {
  const meta = workflow[nodeId]?._meta;
  return typeof meta === 'object' && meta !== null && 'title' in meta ? String(meta.title) : null;
}

function described(workflow: Workflow, { nodeId, input }: FileInput): string {
  const name = titleOf(workflow, nodeId) ?? workflow[nodeId]?.class_type;
  return `${nodeId}.${input}${name === undefined ? '' : ` (${name})`}`;
}
