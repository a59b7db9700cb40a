/** What the end of a run tells about the place it ran on. Pure. Sources: ComfyUI's and worker-comfyui's own words for what is missing. */
import type { Workflow } from '../../contract/jobs.ts';
import type { RunEnd } from '../targets/target.ts';
import { endsOf, type WorkflowNeeds } from './needs.ts';

export interface Lesson {
  readonly kind: 'node' | 'model';
  readonly name: string;
  readonly present: boolean;
}

export function lessonsOf(end: RunEnd, workflow: Workflow, needs: WorkflowNeeds): Lesson[] {
  if (end.kind === 'completed') {
    const nodes = needs.nodeTypes.map((name): Lesson => ({ kind: 'node', name, present: true }));
    // One bad node type refuses the whole workflow; a missing model only its branch, in silence. With one branch it was there.
    if (endsOf(workflow).length !== 1) return nodes;
    return [...nodes, ...needs.models.map((name): Lesson => ({ kind: 'model', name, present: true }))];
  }
  return end.kind === 'failed' ? lacksIn(end.error.message, needs) : [];
}

/** Only what the workflow really names is learnt: what a failure says is no fact by itself. */
function lacksIn(message: string, { nodeTypes, models }: WorkflowNeeds): Lesson[] {
  const unknown = nodeTypes.filter((type) =>
    [`node ${type} does not exist`, `Node '${type}' not found`, `${type} not found. The custom node`].some((words) =>
      message.includes(words),
    ),
  );
  const missing = models.filter((name) => message.replaceAll('\\\\', '/').includes(`'${name}' not in `));
  return [
    ...unknown.map((name): Lesson => ({ kind: 'node', name, present: false })),
    ...missing.map((name): Lesson => ({ kind: 'model', name, present: false })),
  ];
}
