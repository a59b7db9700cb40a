import { describe, expect, it } from 'vitest';
import { lessonsOf } from '../../../../engine/preflight/lessons-of-run.ts';
import { needsOf } from '../../../../engine/preflight/needs.ts';
import { compare, type KnownThings } from '../../../../engine/preflight/parity.ts';
import { median } from '../../../../engine/preflight/shape.ts';
import { jobError } from '../../../../engine/targets/job-error.ts';
import type { RunEnd } from '../../../../engine/targets/target.ts';

const node = (class_type: string, inputs: Record<string, unknown> = {}) => ({ class_type, inputs });
const workflow = {
  '1': node('CheckpointLoaderSimple', { ckpt_name: 'sd\\xl.safetensors' }),
  '2': node('NoSuchNode', { model: ['1', 0] }),
};
const needs = needsOf(workflow, null);
const failed = (message: string): RunEnd => ({
  kind: 'failed',
  error: jobError('runpod_job_failed', message),
  again: false,
});
const completed: RunEnd = { kind: 'completed', outputs: [], note: null };

describe('what the end of a run teaches', () => {
  it('a completed one had all it named', () => {
    expect(lessonsOf(completed, workflow, needs)).toEqual([
      { kind: 'node', name: 'CheckpointLoaderSimple', present: true },
      { kind: 'node', name: 'NoSuchNode', present: true },
      { kind: 'model', name: 'sd/xl.safetensors', present: true },
    ]);
  });

  it('with two branches one may have been left out for want of a model', () => {
    const branches = { ...workflow, '3': node('LoraLoader', { lora_name: 'x.safetensors' }) };
    expect(lessonsOf(completed, branches, needsOf(branches, null)).some(({ kind }) => kind === 'model')).toBe(false);
  });

  it.each([
    ['Cannot execute because node NoSuchNode does not exist.. Raw response: {}', 'NoSuchNode'],
    ["Node 'NoSuchNode' not found. The custom node may not be installed.", 'NoSuchNode'],
    [
      "Workflow validation failed:\n• Node 1 (errors): [{'type': 'value_not_in_list', 'details': \"ckpt_name: 'sd/xl.safetensors' not in []\"}]",
      'sd/xl.safetensors',
    ],
    ["ckpt_name: 'sd\\\\xl.safetensors' not in []", 'sd/xl.safetensors'],
  ])('%j names what is not there', (message, name) => {
    expect(lessonsOf(failed(message), workflow, needs)).toEqual([
      { kind: name === 'NoSuchNode' ? 'node' : 'model', name, present: false },
    ]);
  });

  it('a failure of another kind, or about what the workflow does not name, teaches nothing', () => {
    for (const message of ['out of memory', 'node Other does not exist', "'b.safetensors' not in []"]) {
      expect(lessonsOf(failed(message), workflow, needs)).toEqual([]);
    }
    expect(lessonsOf({ kind: 'cancelled' }, workflow, needs)).toEqual([]);
  });
});

describe('what is missing', () => {
  const nothing: KnownThings = { listed: null, present: new Set(), absent: new Set() };
  const isCore = (type: string) => type === 'CheckpointLoaderSimple';
  it('is nothing while nothing is known', () => {
    const parity = compare(needs, { nodeTypes: nothing, models: nothing }, isCore);
    expect(parity).toEqual({ missingNodeTypes: [], missingModels: [], unproved: ['NoSuchNode', 'sd/xl.safetensors'] });
  });

  it('follows the list of the user, and a run knows better', () => {
    const place = {
      nodeTypes: { ...nothing, listed: new Set<string>(), present: new Set(['NoSuchNode']) },
      models: { ...nothing, listed: new Set(['sd/xl.safetensors']), absent: new Set(['sd/xl.safetensors']) },
    };
    expect(compare(needs, place, isCore)).toEqual({
      missingNodeTypes: [],
      missingModels: ['sd/xl.safetensors'],
      unproved: [],
    });
    const listed = { nodeTypes: { ...nothing, listed: new Set(['Other']) }, models: nothing };
    expect(compare(needs, listed, isCore).missingNodeTypes).toEqual(['NoSuchNode']);
  });
});

it('the median is no victim of one slow start', () => {
  expect([median([5]), median([1, 3]), median([2, 900, 3])]).toEqual([5, 2, 3]);
});
