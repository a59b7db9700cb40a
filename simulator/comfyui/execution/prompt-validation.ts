/**
 * Decides which outputs of a submitted prompt can run, and says of the others what ComfyUI says, in its shapes and words.
 * Values are converted in place (a "64" for an INT becomes 64), as there. Pure, but for the files that node types look at.
 */
import { pythonRepr } from '../http/python-json.ts';
import type { NodeCatalogue } from '../nodes/node-catalogue.ts';
import { inputFacts, judgeByNode, judgeLink, judgeValue, problem, type ValidationError } from './input-validation.ts';
import type { Prompt } from './prompt.ts';
import { PythonError } from './python-error.ts';

export type NodeErrors = Record<string, { errors: ValidationError[]; dependent_outputs: string[]; class_type: string }>;

export type Validation =
  | { valid: true; outputs: string[]; nodeErrors: NodeErrors }
  | { valid: false; error: ValidationError; nodeErrors: NodeErrors };

type Verdict = { valid: boolean; errors: ValidationError[] };

/** Throws TypeError for what ComfyUI answers with a 500: a prompt, or a node of it, that is no object. */
export function validatePrompt(prompt: Prompt, catalogue: NodeCatalogue, onlyOutputs?: readonly string[]): Validation {
  const outputs: string[] = [];
  for (const [nodeId, node] of Object.entries(prompt)) {
    const details = `Node ID '#${nodeId}'`;
    if (!hasClassType(node)) {
      return invalid('invalid_prompt', 'Cannot execute because a node is missing the class_type property.', details);
    }
    const type = catalogue.get(node.class_type);
    if (!type)
      return invalid('invalid_prompt', `Cannot execute because node ${node.class_type} does not exist.`, details);
    if (type.isOutput && (!onlyOutputs || onlyOutputs.includes(nodeId))) outputs.push(nodeId);
  }
  if (outputs.length === 0) return invalid('prompt_no_outputs', 'Prompt has no outputs', '');

  const verdicts = new Map<string, Verdict>();
  const nodeErrors: NodeErrors = {};
  const good: string[] = [];
  const reasons: ValidationError[] = [];
  for (const output of outputs) {
    const verdict = judgeOutput(output, prompt, catalogue, verdicts);
    if (verdict.valid) {
      good.push(output);
      continue;
    }
    reasons.push(...verdict.errors);
    for (const [nodeId, { valid, errors }] of verdicts) {
      // Nodes after a faulty one are invalid without an error of their own and are not named.
      if (valid || errors.length === 0) continue;
      nodeErrors[nodeId] ??= { errors, dependent_outputs: [], class_type: prompt[nodeId]?.class_type ?? '' };
      nodeErrors[nodeId].dependent_outputs.push(output);
    }
  }
  if (good.length > 0) return { valid: true, outputs: good, nodeErrors };
  const details = reasons.map((reason) => `${reason.message}: ${reason.details}`).join('\n');
  return { ...invalid('prompt_outputs_failed_validation', 'Prompt outputs failed validation', details), nodeErrors };
}

function hasClassType(node: unknown): node is { class_type: string } {
  if (typeof node !== 'object' || node === null) throw new TypeError('a node is no object');
  return 'class_type' in node;
}

function invalid(type: string, message: string, details: string): Validation & { valid: false } {
  return { valid: false, error: { type, message, details, extra_info: {} }, nodeErrors: {} };
}

function judgeOutput(
  nodeId: string,
  prompt: Prompt,
  catalogue: NodeCatalogue,
  verdicts: Map<string, Verdict>,
): Verdict {
  try {
    return judgeNode(nodeId, prompt, catalogue, verdicts, []);
  } catch (error) {
    if (!(error instanceof PythonError)) throw error;
    const reason = {
      type: 'exception_during_validation',
      message: 'Exception when validating node',
      details: error.message,
      extra_info: { exception_type: error.exceptionType, traceback: [] },
    };
    const verdict = { valid: false, errors: [reason] };
    verdicts.set(nodeId, verdict);
    return verdict;
  }
}

function judgeNode(
  nodeId: string,
  prompt: Prompt,
  catalogue: NodeCatalogue,
  verdicts: Map<string, Verdict>,
  path: readonly string[],
): Verdict {
  const known = verdicts.get(nodeId);
  if (known) return known;
  // ComfyUI follows a cycle until Python gives up, and what is left of that is a refusal without a reason.
  if (path.includes(nodeId)) return { valid: false, errors: [] };
  const node = prompt[nodeId];
  const type = node && catalogue.get(node.class_type);
  if (!node || !type) throw new PythonError('KeyError', pythonRepr(nodeId));
  if (typeof node.inputs !== 'object' || node.inputs === null) throw new PythonError('KeyError', "'inputs'");

  const errors: ValidationError[] = [];
  let ancestorsValid = true;
  for (const [name, description] of Object.entries(type.inputs().required)) {
    if (!(name in node.inputs)) {
      errors.push(problem('required_input_missing', 'Required input is missing', name, { input_name: name }));
      continue;
    }
    const value = node.inputs[name];
    if (!Array.isArray(value)) {
      const fault = judgeValue(name, value, description, node.inputs, type);
      if (fault) errors.push(fault);
      continue;
    }
    const link = judgeLink(name, value, description, prompt, catalogue);
    if (link.fault) errors.push(link.fault);
    else {
      try {
        if (!judgeNode(link.source, prompt, catalogue, verdicts, [...path, nodeId]).valid) ancestorsValid = false;
      } catch (error) {
        if (!(error instanceof PythonError)) throw error;
        ancestorsValid = false;
        const info = {
          ...inputFacts(name, description),
          exception_message: error.message,
          exception_type: error.exceptionType,
          traceback: [],
          linked_node: value,
        };
        const reason = problem(
          'exception_during_inner_validation',
          'Exception when validating inner node',
          error.message,
          info,
        );
        verdicts.set(link.source, { valid: false, errors: [reason] });
      }
    }
  }
  errors.push(...judgeByNode(type, node.inputs));
  const verdict = { valid: errors.length === 0 && ancestorsValid, errors };
  verdicts.set(nodeId, verdict);
  return verdict;
}
