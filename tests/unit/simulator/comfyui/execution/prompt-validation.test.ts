import { describe, expect, it } from 'vitest';
import type { Prompt } from '../../../../../simulator/comfyui/execution/prompt.ts';
import { validatePrompt } from '../../../../../simulator/comfyui/execution/prompt-validation.ts';
import { createNodeCatalogue } from '../../../../../simulator/comfyui/nodes/node-catalogue.ts';
import type { NodeType } from '../../../../../simulator/comfyui/nodes/node-type.ts';

const plain = {
  displayName: null,
  description: '',
  category: '',
  pythonModule: 'nodes',
  isOutput: false,
  run: async () => ({ outputs: [] }),
} satisfies Partial<NodeType>;
const many = Array.from({ length: 30 }, (_, index) => `file${index}`);
const catalogue = createNodeCatalogue([
  {
    ...plain,
    name: 'Make',
    outputs: ['IMAGE', 'MASK'],
    inputs: () => ({ required: { size: ['INT', { min: 1, max: 9 }] } }),
  },
  { ...plain, name: 'Pick', outputs: ['IMAGE'], inputs: () => ({ required: { file: [many] } }) },
  {
    ...plain,
    name: 'Checked',
    outputs: ['IMAGE'],
    inputs: () => ({ required: { file: [['a']] } }),
    validate: { inputs: ['file'], check: ({ file }) => file === 'good' || `bad file: ${file}` },
  },
  { ...plain, name: 'Save', outputs: [], isOutput: true, inputs: () => ({ required: { image: ['IMAGE'] } }) },
]);

const node = (class_type: string, inputs: Record<string, unknown>) => ({ class_type, inputs });
const judge = (prompt: unknown, only?: string[]) => validatePrompt(prompt as Prompt, catalogue, only);
const save = node('Save', { image: ['1', 0] });

describe('a valid prompt', () => {
  it('names its outputs', () => {
    const verdict = judge({ 1: node('Make', { size: 5 }), 2: save, 3: save });
    expect(verdict).toEqual({ valid: true, outputs: ['2', '3'], nodeErrors: {} });
  });

  it('runs only the outputs that were asked for', () => {
    expect(judge({ 1: node('Make', { size: 5 }), 2: save, 3: save }, ['3'])).toMatchObject({ outputs: ['3'] });
  });

  it('keeps converted values', () => {
    const prompt = { 1: node('Make', { size: '5' }), 2: save };
    judge(prompt);
    expect(prompt[1].inputs.size).toBe(5);
  });

  it('may have outputs that are not', () => {
    const prompt = {
      1: node('Make', { size: 5 }),
      2: save,
      3: node('Make', { size: 0 }),
      4: node('Save', { image: ['3', 0] }),
    };
    expect(judge(prompt)).toMatchObject({
      valid: true,
      outputs: ['2'],
      nodeErrors: { 3: { dependent_outputs: ['4'] } },
    });
  });
});

describe('an invalid prompt', () => {
  it.each([
    ['without nodes', {}, 'prompt_no_outputs'],
    ['without an output', { 1: node('Make', { size: 5 }) }, 'prompt_no_outputs'],
    ['with an unknown node', { 1: node('Nope', {}), 2: save }, 'invalid_prompt'],
    ['in the format of the page', { nodes: [], links: [] }, 'invalid_prompt'],
    ['with a faulty input', { 1: node('Make', { size: 0 }), 2: save }, 'prompt_outputs_failed_validation'],
  ])('%s is %3$s', (_, prompt, type) => {
    const verdict = judge(prompt);
    expect(verdict.valid ? 'valid' : verdict.error.type).toBe(type);
  });

  it('names every output that hangs on a faulty node', () => {
    const verdict = judge({ 1: node('Make', { size: 0 }), 2: save, 3: save });
    expect(verdict.nodeErrors['1']?.dependent_outputs).toEqual(['2', '3']);
  });

  it('is an exception where a node is no object', () => {
    expect(() => judge({ 1: 5 })).toThrow(TypeError);
  });

  it('that runs in circles is refused', () => {
    const circle = { 1: node('Save', { image: ['1', 0] }) };
    expect(judge(circle).valid).toBe(false);
  });
});

describe('the error of an input', () => {
  const errorOf = (made: ReturnType<typeof node>) => {
    const fault = judge({ 1: made, 2: save }).nodeErrors['1']?.errors[0];
    return fault ? `${fault.type}: ${fault.message} | ${fault.details}` : 'none';
  };

  it.each([
    [node('Make', {}), 'required_input_missing: Required input is missing | size'],
    [node('Make', { size: 0 }), 'value_smaller_than_min: Value 0 smaller than min of 1 | size'],
    [node('Make', { size: 10 }), 'value_bigger_than_max: Value 10 bigger than max of 9 | size'],
    [
      node('Make', { size: 'x' }),
      "invalid_input_type: Failed to convert an input value to a INT value | size, x, invalid literal for int() with base 10: 'x'",
    ],
    [
      node('Make', { size: ['2'] }),
      'bad_linked_input: Bad linked input, must be a length-2 list of [node_id, slot_index] | size',
    ],
    [node('Pick', { file: 'z' }), "value_not_in_list: Value not in list | file: 'z' not in (list of length 30)"],
    [
      node('Checked', { file: 'z' }),
      'custom_validation_failed: Custom validation failed for node | file - bad file: z',
    ],
  ])('%j', (made, text) => {
    expect(errorOf(made)).toBe(text);
  });

  it('does not send a long list back', () => {
    const fault = judge({ 1: node('Pick', { file: 'z' }), 2: save }).nodeErrors['1']?.errors[0];
    expect(fault?.extra_info).toEqual({ input_name: 'file', input_config: null, received_value: 'z' });
  });

  it('is not raised for what a node checks itself', () => {
    expect(errorOf(node('Checked', { file: 'good' }))).toBe('none');
  });
});
