/**
 * The node catalogue (`/object_info`) with only what a workflow can be checked against: node types, where they come from, what they must
 * be given, which inputs name a file that is sent along or a model. It keeps the catalogue's own shape, so that one reader fits both. Pure.
 */
import { type Fields, fieldsOf, isFields, textOf, textsOf } from './json-fields.ts';

export type CatalogueDigest = Readonly<Record<string, DigestedNode>>;

interface DigestedNode {
  readonly input: { readonly required: Fields; readonly optional: Fields };
  readonly python_module: string;
}

/** Endings of files that hold weights. */
export const MODEL_ENDING = /\.(safetensors|sft|ckpt|pth?|bin|gguf|onnx|engine|pkl)$/i;

/** @returns null when it is no catalogue */
export function digestCatalogue(objectInfo: unknown): CatalogueDigest | null {
  const nodes = Object.entries(fieldsOf(objectInfo)).filter(([, node]) => isFields(node));
  if (nodes.length === 0) return null;
  return Object.fromEntries(
    nodes.map(([type, node]) => {
      const { required, optional } = fieldsOf(fieldsOf(node).input);
      const input = { required: digestInputs(required), optional: digestInputs(optional) };
      return [type, { input, python_module: textOf(fieldsOf(node).python_module) ?? '' }];
    }),
  );
}

const digestInputs = (inputs: unknown): Fields =>
  Object.fromEntries(Object.entries(fieldsOf(inputs)).map(([name, spec]) => [name, digestInput(spec)]));

function digestInput(spec: unknown): unknown {
  if (!Array.isArray(spec)) return [];
  const options = fieldsOf(spec[1]);
  const uploads = Object.entries(options).filter(([name, value]) => name.endsWith('_upload') && value === true);
  const choices = choicesOf(spec);
  const isModel = uploads.length === 0 && choices.some((choice) => MODEL_ENDING.test(choice));
  const type = Array.isArray(spec[0]) ? 'COMBO' : (textOf(spec[0]) ?? '');
  return [isModel ? choices : type, Object.fromEntries(uploads)];
}

/** Of a list to choose from, in the old form (the list in the place of the type) and the new (`["COMBO", { options }]`). */
export const choicesOf = (spec: unknown): string[] =>
  Array.isArray(spec) ? textsOf(Array.isArray(spec[0]) ? spec[0] : fieldsOf(spec[1]).options) : [];
