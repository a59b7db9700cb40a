/** What is wrong with a workflow by itself, as far as the local node catalogue can tell. Pure. */
import type { Workflow } from '../../contract/jobs.ts';
import type { CatalogueDigest } from '../comfyui/catalogue-digest.ts';
import { textOf } from '../comfyui/json-fields.ts';
import { ownOf } from './needs.ts';

export interface Soundness {
  /** It is refused wherever it is sent. */
  readonly errors: readonly string[];
  /** A branch of it may be left out; or nothing can be said, because the node is not known here. */
  readonly doubts: readonly string[];
}

export function soundnessOf(workflow: Workflow, catalogue: CatalogueDigest | null): Soundness {
  const nodes = Object.entries(workflow);
  const errors = nodes.flatMap(([id, { class_type: type, inputs }]) =>
    Object.entries(inputs).flatMap(([name, value]) =>
      isLink(value) && !Object.hasOwn(workflow, String(value[0]))
        ? [`${type} (${id}): "${name}" comes from node ${String(value[0])}, which is not there.`]
        : [],
    ),
  );
  const unknown = [...new Set(nodes.map(([, node]) => node.class_type))].filter(
    (type) => catalogue !== null && ownOf(catalogue, type) === undefined,
  );
  const lacking = nodes.flatMap(([id, { class_type: type, inputs }]) =>
    Object.entries(ownOf(catalogue, type)?.input.required ?? {})
      .filter(([name, spec]) => !(name in inputs) && !growsByItself(spec))
      .map(([name]) => `${type} (${id}) lacks its input "${name}".`),
  );
  const unchecked =
    unknown.length === 0 ? [] : [`Your ComfyUI does not know ${unknown.join(', ')}: not everything could be checked.`];
  return { errors, doubts: [...lacking, ...unchecked] };
}

const isLink = (value: unknown): value is [unknown, unknown] =>
  Array.isArray(value) && value.length === 2 && typeof value[1] === 'number';

/** Inputs whose names are made up as they are used (`COMFY_AUTOGROW_V3` and its like). */
const growsByItself = (spec: unknown): boolean =>
  Array.isArray(spec) && (textOf(spec[0])?.startsWith('COMFY_') ?? false);
