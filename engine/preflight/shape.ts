/** What makes two runs take about the same time: the same nodes, models and sizes. Seeds, words and colours do not. Pure. */
import { createHash } from 'node:crypto';
import type { Workflow } from '../../contract/jobs.ts';
import { needsOf } from './needs.ts';

const SIZES = new Set(
  (
    'width height steps batch_size length frames num_frames video_frames frame_count frame_rate duration seconds ' +
    'scale_by upscale_by megapixels resolution tile_size amount repeat max_new_tokens'
  ).split(' '),
);

export interface WorkflowShape {
  /** Of nodes, models and sizes. */
  readonly shape: string;
  /** Of the kinds of nodes alone, for a first guess at another size. */
  readonly nodeTypes: string;
}

export function shapeOf(workflow: Workflow): WorkflowShape {
  const nodes = Object.values(workflow).map(({ class_type: type, inputs }) => {
    const sizes = Object.entries(inputs).filter(([name, value]) => SIZES.has(name) && typeof value === 'number');
    return JSON.stringify([type, sizes.sort(([one], [other]) => (one < other ? -1 : 1))]);
  });
  const { nodeTypes, models } = needsOf(workflow, null);
  return { shape: hash([nodes.sort(), models]), nodeTypes: hash(nodeTypes) };
}

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);

/** Of a list that is not empty. */
export function median(values: readonly number[]): number {
  const ordered = [...values].sort((one, other) => one - other);
  const middle = Math.floor(ordered.length / 2);
  const [low = 0, high = 0] = [ordered[Math.ceil(ordered.length / 2) - 1], ordered[middle]];
  return (low + high) / 2;
}
