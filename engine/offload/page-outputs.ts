/** Which of its results a workflow makes for ComfyUI's page alone: elsewhere it would run, cost, and bring nothing home, or more than was asked. Pure. */
import type { Workflow } from '../../contract/jobs.ts';
import { fieldsOf } from '../comfyui/json-fields.ts';

/** ComfyUI's own nodes that write to the temp folder or into the page alone. */
const PAGE_ONLY = new Set(['PreviewImage', 'PreviewAudio', 'PreviewAny', 'PreviewVideo', 'Preview3D', 'MaskPreview']);

/** The ends of the graph: what is made. */
function endsOf(workflow: Workflow): [string, Workflow[string]][] {
  const used = new Set(
    Object.values(workflow).flatMap(({ inputs }) =>
      Object.values(inputs).flatMap((value) => (Array.isArray(value) ? [String(value[0])] : [])),
    ),
  );
  return Object.entries(workflow).filter(([id]) => !used.has(id));
}

/** An end that we do not know may save something. */
export function onlyShowsInPage(workflow: Workflow): boolean {
  const ends = endsOf(workflow);
  return ends.length > 0 && ends.every(([, node]) => PAGE_ONLY.has(node.class_type));
}

/** @param request of the page, as it came: it may ask for some of the outputs alone, which only ComfyUI itself understands */
export function wantsOnlySome(workflow: Workflow, request: string | null): boolean {
  if (request === null) return false;
  const { partial_execution_targets: named } = fieldsOf(JSON.parse(request));
  return Array.isArray(named) && endsOf(workflow).some(([id]) => !named.map(String).includes(id));
}
