/** What a workflow needs of the place it runs on: node types and models. Pure. */
import type { Workflow } from '../../contract/jobs.ts';
import { type CatalogueDigest, choicesOf, MODEL_ENDING } from '../comfyui/catalogue-digest.ts';

export interface WorkflowNeeds {
  readonly nodeTypes: readonly string[];
  /** As the workflow names them, folders with `/`. */
  readonly models: readonly string[];
}

const LONGEST_NAME = 300;
const NO_MODEL = /^(none|default|auto|disabled|baked vae|)$/i;

/** @param catalogue tells which inputs choose a model; without it a model is known by its ending */
export function needsOf(workflow: Workflow, catalogue: CatalogueDigest | null): WorkflowNeeds {
  const nodes = Object.values(workflow);
  const models = nodes.flatMap(({ class_type: type, inputs }) =>
    Object.entries(inputs).flatMap(([name, value]) => modelsIn(value, isModelInput(catalogue, type, name))),
  );
  return { nodeTypes: sorted(nodes.map(({ class_type: type }) => type)), models: sorted(models.map(modelName)) };
}

/** Windows writes folders with a backslash; the worker is none. */
export const modelName = (name: string): string => name.replaceAll('\\', '/');

function isModelInput(catalogue: CatalogueDigest | null, type: string, name: string): boolean {
  const input = ownOf(catalogue, type)?.input;
  // In a digest lists are kept where they list models, and only there.
  return choicesOf(input?.required[name] ?? input?.optional[name]).length > 0;
}

/** A class type is anything a workflow says: `constructor` is no node. */
export const ownOf = (catalogue: CatalogueDigest | null, type: string) =>
  catalogue !== null && Object.hasOwn(catalogue, type) ? catalogue[type] : undefined;

/** Some nodes keep several choices in one value: `{ on: true, lora: "x.safetensors" }`. */
function modelsIn(value: unknown, isChosen: boolean): string[] {
  if (typeof value === 'string') {
    if (value.length > LONGEST_NAME || value.includes('\n')) return [];
    return MODEL_ENDING.test(value) || (isChosen && !NO_MODEL.test(value)) ? [value] : [];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap((each) => (typeof each === 'string' ? modelsIn(each, false) : []));
}

const sorted = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** Nodes that no other node takes anything from: what the workflow is run for. */
export function endsOf(workflow: Workflow): string[] {
  const used = new Set(
    Object.values(workflow).flatMap(({ inputs }) =>
      Object.values(inputs).flatMap((value) => (Array.isArray(value) ? [String(value[0])] : [])),
    ),
  );
  return Object.keys(workflow).filter((id) => !used.has(id));
}
