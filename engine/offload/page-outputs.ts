/** Whether a workflow only shows its results in ComfyUI's page: elsewhere it would run, cost, and bring nothing home. Pure. */
import type { Workflow } from '../../contract/jobs.ts';

/** ComfyUI's own nodes that write to the temp folder or into the page alone. */
const PAGE_ONLY = new Set(['PreviewImage', 'PreviewAudio', 'PreviewAny', 'PreviewVideo', 'Preview3D', 'MaskPreview']);

/** The ends of the graph are what is made; one that we do not know may save something. */
export function onlyShowsInPage(workflow: Workflow): boolean {
  const used = new Set(
    Object.values(workflow).flatMap(({ inputs }) =>
      Object.values(inputs).flatMap((value) => (Array.isArray(value) ? [String(value[0])] : [])),
    ),
  );
  const ends = Object.entries(workflow).filter(([id]) => !used.has(id));
  return ends.length > 0 && ends.every(([, node]) => PAGE_ONLY.has(node.class_type));
}
