/**
 * Which files of ComfyUI's folders a workflow names, and the same workflow with names that cannot collide on another machine: a worker drops
 * subfolders, so `a/face.png` and `b/face.png` would be one file there. Pure.
 */
import type { Workflow } from '../../contract/jobs.ts';
import { fieldsOf } from '../comfyui/json-fields.ts';

export interface InputReference {
  readonly nodeId: string;
  readonly input: string;
  /** As the workflow names it: `masks/a.png`, or `a.png [output]`. */
  readonly name: string;
}

/** Which of a node's inputs name a file: from the node catalogue where there is one, else the nodes ComfyUI itself has. */
const KNOWN_INPUTS: Readonly<Record<string, readonly string[]>> = {
  LoadImage: ['image'],
  LoadImageMask: ['image'],
  LoadImageOutput: ['image'],
  LoadAudio: ['audio'],
  LoadVideo: ['file'],
  Load3D: ['model_file'],
};
const UPLOADS = ['image_upload', 'video_upload', 'audio_upload', 'animated_image_upload', 'file_upload'];

/** @param catalogue `GET /object_info`, or null when there is none */
export function inputReferences(workflow: Workflow, catalogue: unknown): InputReference[] {
  return Object.entries(workflow).flatMap(([nodeId, node]) =>
    fileInputs(node.class_type, catalogue).flatMap((input) => {
      const name = node.inputs[input];
      return typeof name === 'string' && name !== '' ? [{ nodeId, input, name }] : [];
    }),
  );
}

function fileInputs(classType: string, catalogue: unknown): readonly string[] {
  const { required, optional } = fieldsOf(fieldsOf(fieldsOf(catalogue)[classType]).input);
  const declared = [...Object.entries(fieldsOf(required)), ...Object.entries(fieldsOf(optional))]
    .filter(([, spec]) => {
      const options = fieldsOf(Array.isArray(spec) ? spec[1] : undefined);
      return UPLOADS.some((name) => options[name] === true);
    })
    .map(([name]) => name);
  return [...new Set([...declared, ...(KNOWN_INPUTS[classType] ?? [])])];
}

/** Where ComfyUI looks for a name: `a.png [output]` lies in the output folder. */
export function placeOf(name: string): { readonly folder: 'input' | 'output' | 'temp'; readonly path: string } {
  const annotated = /^(.*) \[(input|output|temp)\]$/.exec(name);
  return annotated === null
    ? { folder: 'input', path: name }
    : { folder: annotated[2] as 'input' | 'output' | 'temp', path: annotated[1] ?? '' };
}

/**
 * The workflow as the other machine gets it.
 * @param names by the name in the workflow, the name there
 */
export function renameInputs(
  workflow: Workflow,
  references: readonly InputReference[],
  names: ReadonlyMap<string, string>,
): Workflow {
  const renamed = structuredClone(workflow);
  for (const { nodeId, input, name } of references) {
    const node = renamed[nodeId];
    const nameThere = names.get(name);
    if (node !== undefined && nameThere !== undefined) node.inputs[input] = nameThere;
  }
  return renamed;
}

/** The same content has the same name; an ending that ComfyUI judges a file by is kept. */
export function nameOnTarget(name: string, sha256: string): string {
  const ending = /\.[A-Za-z0-9]{1,8}$/.exec(placeOf(name).path)?.[0]?.toLowerCase() ?? '';
  return `stoker-${sha256.slice(0, 24)}${ending}`;
}
