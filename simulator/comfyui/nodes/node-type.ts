/** What a node is to the rest of the simulator: the description that GET /object_info gives, and the work it does. */
import type { Prompt } from '../execution/prompt.ts';
import type { ImageWorkshop } from '../images/image-workshop.ts';
import type { Folders } from '../process/folders.ts';

export type InputOptions = Record<string, unknown>;
/** As in object_info: a type name or the list of choices, then options. */
export type InputDescription = readonly [type: string | readonly string[], options?: InputOptions];

export interface NodeInputs {
  required: Record<string, InputDescription>;
  hidden?: Record<string, string>;
}

/** Raised where an interrupt takes effect: ends the job with `execution_interrupted`. */
export class Interrupted extends Error {}

export interface NodeCall {
  nodeId: string;
  /** Values in place of links. */
  inputs: Record<string, unknown>;
  prompt: Prompt;
  extraPngInfo: Record<string, unknown>;
  /** Reports a step; throws Interrupted when an interrupt was asked for. `preview` is a JPEG. */
  progress(value: number, max: number, preview?: Uint8Array): void;
}

export interface NodeResult {
  outputs: unknown[];
  ui?: Record<string, unknown>;
}

export interface NodeContext {
  folders: Folders;
  workshop: ImageWorkshop;
  /** Whether saved pictures carry their prompt. */
  embedMetadata: boolean;
}

export interface NodeType {
  name: string;
  displayName: string | null;
  description: string;
  category: string;
  pythonModule: string;
  /** Choices may depend on the files that exist now. */
  inputs(): NodeInputs;
  outputs: readonly string[];
  outputTooltips?: readonly (string | null)[];
  isOutput: boolean;
  /** Flags that nodes of ComfyUI's newer schema carry. */
  isNewSchema?: true;
  /** What makes the same inputs a different result (the bytes of a file). */
  fingerprint?(inputs: Record<string, unknown>): string;
  /** The inputs that the node checks itself, and its verdict: true, or the words that follow the input's name. */
  validate?: { inputs: readonly string[]; check(inputs: Record<string, unknown>): true | string };
  /** May throw PythonError, which ends the job with `execution_error`. */
  run(call: NodeCall): Promise<NodeResult>;
}
