/** In which order results are shown: those of the deepest node first, because that is what the workflow leads to. Pure. */
import type { JobOutput, Workflow } from '../../../contract/jobs.ts';

/** Equally deep ones keep their order. */
export function deepestFirst(files: readonly JobOutput[], workflow: Workflow): JobOutput[] {
  const depths = nodeDepths(workflow);
  const depthOf = (file: JobOutput): number =>
    depths.get(file.nodeId) ?? depthByPrefix(file.filename, workflow, depths);
  return files
    .map((file) => ({ file, depth: depthOf(file) }))
    .sort((one, other) => other.depth - one.depth)
    .map(({ file }) => file);
}

/** The longest way from a node without inputs, by node id. A loop, which ComfyUI refuses anyway, ends where it closes. */
function nodeDepths(workflow: Workflow): Map<string, number> {
  const depths = new Map<string, number>();
  function visit(id: string): number {
    const known = depths.get(id);
    if (known !== undefined) return known;
    depths.set(id, 0);
    const sources = Object.values(workflow[id]?.inputs ?? {}).flatMap((input) => linkedNode(input, workflow) ?? []);
    const depth = Math.max(0, ...sources.map((source) => visit(source) + 1));
    depths.set(id, depth);
    return depth;
  }
  for (const id of Object.keys(workflow)) visit(id);
  return depths;
}

/** A link is `[node id, output number]`. */
function linkedNode(input: unknown, workflow: Workflow): string | null {
  if (!Array.isArray(input) || input.length !== 2) return null;
  const id = String(input[0]);
  return Object.hasOwn(workflow, id) ? id : null;
}

/** A worker on RunPod tells names alone: the node that saves under the longest prefix of this name made it. */
function depthByPrefix(filename: string, workflow: Workflow, depths: ReadonlyMap<string, number>): number {
  let best = { length: 0, depth: -1 };
  for (const [id, { inputs }] of Object.entries(workflow)) {
    const prefix =
      typeof inputs.filename_prefix === 'string' ? inputs.filename_prefix.split(/[\\/]/).at(-1) : undefined;
    if (prefix === undefined || prefix.length <= best.length || !filename.startsWith(prefix)) continue;
    best = { length: prefix.length, depth: depths.get(id) ?? 0 };
  }
  return best.depth;
}
