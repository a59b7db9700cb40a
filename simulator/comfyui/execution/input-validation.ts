/**
 * What is wrong with one input of a node, in ComfyUI's shapes and words: a link, a value, or what the node checks itself.
 * Pure, but for the files that node types look at.
 */
import { pythonRepr, pythonText } from '../http/python-json.ts';
import type { NodeCatalogue } from '../nodes/node-catalogue.ts';
import type { InputDescription, NodeType } from '../nodes/node-type.ts';
import { convertValue } from './input-conversion.ts';
import type { Prompt } from './prompt.ts';
import { PythonError } from './python-error.ts';

export interface ValidationError {
  type: string;
  message: string;
  details: string;
  extra_info: Record<string, unknown>;
}

export type LinkJudgement = { fault: ValidationError } | { fault?: undefined; source: string };

/** Whether an input may be this link. Throws PythonError for a node or an output that does not exist. */
export function judgeLink(
  name: string,
  value: unknown[],
  description: InputDescription,
  prompt: Prompt,
  catalogue: NodeCatalogue,
): LinkJudgement {
  const facts = inputFacts(name, description);
  if (value.length !== 2) {
    const message = 'Bad linked input, must be a length-2 list of [node_id, slot_index]';
    return { fault: problem('bad_linked_input', message, name, { ...facts, received_value: value }) };
  }
  const [source, slot] = value;
  const sourceClass = typeof source === 'string' ? prompt[source]?.class_type : undefined;
  if (typeof source !== 'string' || sourceClass === undefined) throw new PythonError('KeyError', pythonRepr(source));
  const received = catalogue.get(sourceClass)?.outputs[Number(slot)];
  if (received === undefined) throw new PythonError('IndexError', 'tuple index out of range');
  const wanted = description[0];
  if (typeof wanted !== 'string' || received !== wanted) {
    const details = `${name}, received_type(${received}) mismatch input_type(${pythonText(wanted)})`;
    const info = { ...facts, received_type: received, linked_node: value };
    return { fault: problem('return_type_mismatch', 'Return type mismatch between linked nodes', details, info) };
  }
  return { source };
}

/** What is wrong with a value; converts it in place. */
export function judgeValue(
  name: string,
  value: unknown,
  description: InputDescription,
  inputs: Record<string, unknown>,
  type: NodeType,
): ValidationError | undefined {
  const [wanted, options = {}] = description;
  const facts = inputFacts(name, description);
  let converted: unknown;
  try {
    converted = convertValue(wanted, value);
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    const message = `Failed to convert an input value to a ${pythonText(wanted)} value`;
    const info = { ...facts, received_value: value, exception_message: error.message };
    return problem('invalid_input_type', message, `${name}, ${pythonText(value)}, ${error.message}`, info);
  }
  inputs[name] = converted;
  if (type.validate?.inputs.includes(name)) return undefined;
  const info = { ...facts, received_value: converted };
  const { min, max } = options;
  if (typeof min === 'number' && typeof converted === 'number' && converted < min) {
    return problem('value_smaller_than_min', `Value ${converted} smaller than min of ${min}`, name, info);
  }
  if (typeof max === 'number' && typeof converted === 'number' && converted > max) {
    return problem('value_bigger_than_max', `Value ${converted} bigger than max of ${max}`, name, info);
  }
  if (typeof wanted === 'string' || wanted.includes(String(converted))) return undefined;
  // A list of hundreds of model files is not sent back.
  const long = wanted.length > 20;
  const listed = long ? `(list of length ${wanted.length})` : pythonRepr(wanted);
  const details = `${name}: '${pythonText(converted)}' not in ${listed}`;
  return problem('value_not_in_list', 'Value not in list', details, {
    ...info,
    ...(long ? { input_config: null } : {}),
  });
}

/** The verdict of the node's own check; inputs that are links are known only when the prompt runs. */
export function judgeByNode(type: NodeType, inputs: Record<string, unknown>): ValidationError[] {
  if (!type.validate || type.validate.inputs.some((name) => Array.isArray(inputs[name]))) return [];
  const verdict = type.validate.check(inputs);
  if (verdict === true) return [];
  return type.validate.inputs
    .filter((name) => name in inputs)
    .map((name) =>
      problem('custom_validation_failed', 'Custom validation failed for node', `${name} - ${verdict}`, {
        input_name: name,
      }),
    );
}

export function inputFacts(
  name: string,
  [type, options = {}]: InputDescription,
): { input_name: string; input_config: unknown } {
  return { input_name: name, input_config: [type, options] };
}

export function problem(
  type: string,
  message: string,
  details: string,
  extra: Record<string, unknown>,
): ValidationError {
  return { type, message, details, extra_info: extra };
}
