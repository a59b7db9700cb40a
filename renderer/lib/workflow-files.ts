/** The files that a workflow names, for a person to see what it needs. By their endings: which node takes what is only known to ComfyUI. */
import type { Workflow } from '../../contract/jobs.ts';

const INPUT =
  /\.(png|jpe?g|webp|gif|bmp|tiff?|avif|heic|exr|mp4|webm|mov|mkv|avi|wav|mp3|flac|ogg|m4a|opus|glb|obj|latent)$/i;
const MODEL = /\.(safetensors|sft|ckpt|pth?|bin|gguf|onnx|pkl)$/i;

export interface WorkflowFiles {
  readonly inputs: readonly string[];
  readonly models: readonly string[];
}

export function workflowFiles(workflow: Workflow): WorkflowFiles {
  const named = Object.values(workflow).flatMap(({ inputs }) =>
    Object.values(inputs).filter((value): value is string => typeof value === 'string'),
  );
  const fitting = (ending: RegExp): string[] =>
    [...new Set(named.filter((text) => ending.test(withoutPlace(text))).map(withoutPlace))].sort();
  return { inputs: fitting(INPUT), models: fitting(MODEL) };
}

/** `picture.png [output]` names the folder that it lies in. */
const withoutPlace = (name: string): string => name.replace(/ \[(input|output|temp)\]$/, '');

/** Types of nodes with how many there are, most first. */
export function nodeTypes(workflow: Workflow): readonly (readonly [type: string, count: number])[] {
  const counts = new Map<string, number>();
  for (const { class_type: type } of Object.values(workflow)) counts.set(type, (counts.get(type) ?? 0) + 1);
  return [...counts].sort((left, right) => right[1] - left[1] || left[0].localeCompare(right[0]));
}
