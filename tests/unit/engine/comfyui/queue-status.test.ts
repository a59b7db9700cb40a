import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ComfyMessage, readFrame } from '../../../../engine/comfyui/frames.ts';
import {
  currentPrompt,
  EMPTY_QUEUE,
  followProgress,
  MAX_ITEMS,
  type PromptProgress,
  readQueue,
} from '../../../../engine/comfyui/queue-status.ts';
import { workflow } from '../../../support/workflows.ts';

const item = (number: number, id: string, prompt: unknown = workflow('simple'), outputs: unknown = ['4']) => [
  number,
  id,
  prompt,
  { client_id: 'c' },
  outputs,
];

describe('reading GET /queue', () => {
  it('reads every answer that was recorded', () => {
    const lines = readFileSync(
      resolve(import.meta.dirname, '../../../fixtures/recordings/comfyui-http-ws.jsonl'),
      'utf8',
    ).split('\n');
    const answers = lines
      .filter((line) => line !== '')
      .map(
        (line) => JSON.parse(line) as { path?: string; body?: { queue_running: unknown[]; queue_pending: unknown[] } },
      )
      .filter(({ path, body }) => path === '/queue' && body?.queue_running !== undefined);
    expect(answers.length).toBeGreaterThan(2);
    for (const { body } of answers) {
      const queue = readQueue(body);
      expect(queue?.running).toBe(body?.queue_running.length);
      expect(queue?.pending).toBe(body?.queue_pending.length);
      expect(queue?.items).toHaveLength((queue?.running ?? 0) + (queue?.pending ?? 0));
    }
  });

  it('lists what runs first, with what it saves to and how many nodes it has', () => {
    expect(readQueue({ queue_running: [item(5, 'r')], queue_pending: [item(6, 'p')] })).toMatchObject({
      running: 1,
      pending: 1,
      items: [
        { promptId: 'r', number: 5, nodeCount: 4, title: 'lab_simple' },
        { promptId: 'p', number: 6, nodeCount: 4, title: 'lab_simple' },
      ],
      current: { promptId: 'r' },
      promptIds: new Set(['r', 'p']),
    });
  });

  it.each([
    [
      'a prefix that is linked from another node',
      { 1: { class_type: 'SaveImage', inputs: { filename_prefix: ['2', 0] } } },
      ['1'],
      'SaveImage',
    ],
    ['an output without a prefix', { 7: { class_type: 'PreviewImage', inputs: {} } }, ['7'], 'PreviewImage'],
    [
      'several outputs, the second saving',
      {
        1: { class_type: 'PreviewImage', inputs: {} },
        2: { class_type: 'SaveImage', inputs: { filename_prefix: 'cat' } },
      },
      ['1', '2'],
      'cat',
    ],
    ['no outputs', {}, [], null],
    ['outputs that are no list', {}, null, null],
  ])('names a prompt with %s', (_name, prompt, outputs, title) => {
    expect(readQueue({ queue_running: [item(1, 'a', prompt, outputs)], queue_pending: [] })?.items[0]?.title).toBe(
      title,
    );
  });

  it('shows at most a hundred of a long queue and counts all', () => {
    const pending = Array.from({ length: 250 }, (_, index) => item(index, `p${index}`));
    const queue = readQueue({ queue_running: [item(0, 'r')], queue_pending: pending });
    expect(queue?.pending).toBe(250);
    expect(queue?.items).toHaveLength(MAX_ITEMS);
    expect(queue?.promptIds.size).toBe(251);
  });

  it.each([null, [], 'x', {}, { queue_running: 1, queue_pending: [] }])('is null for %j', (answer) => {
    expect(readQueue(answer)).toBeNull();
  });

  it('counts items it cannot read', () => {
    expect(readQueue({ queue_running: [null], queue_pending: ['x'] })).toEqual({
      ...EMPTY_QUEUE,
      running: 1,
      pending: 1,
    });
  });
});

describe('progress of the prompt that runs', () => {
  const running = {
    promptId: 'p',
    nodeTypes: new Map([
      ['1', 'EmptyImage'],
      ['2', 'LabSlow'],
      ['4', 'SaveImage'],
    ]),
  };
  const follow = (...messages: object[]): PromptProgress | null =>
    messages
      .map((message) => readFrame(JSON.stringify(message)))
      .filter((message): message is ComfyMessage => message !== null)
      .reduce<PromptProgress | null>(followProgress, null);
  const start = { type: 'execution_start', data: { prompt_id: 'p' } };
  const cached = { type: 'execution_cached', data: { prompt_id: 'p', nodes: ['1'] } };
  const executing = { type: 'executing', data: { prompt_id: 'p', node: '2' } };
  const step = { type: 'progress', data: { prompt_id: 'p', node: '2', value: 3, max: 20 } };

  it('joins node, class, step and nodes done', () => {
    expect(currentPrompt(running, follow(start, cached, executing, step))).toEqual({
      promptId: 'p',
      node: '2',
      nodeType: 'LabSlow',
      value: 3,
      max: 20,
      nodesDone: 1,
      nodesTotal: 3,
    });
  });

  it('counts a node once, and not the ones a node expanded into', () => {
    const state = {
      type: 'progress_state',
      data: {
        prompt_id: 'p',
        nodes: { 1: { state: 'finished' }, 2: { state: 'finished' }, '2.0.1': { state: 'finished' } },
      },
    };
    expect(currentPrompt(running, follow(start, cached, state))?.nodesDone).toBe(2);
  });

  it('forgets the step when the next node begins', () => {
    const next = { type: 'executing', data: { prompt_id: 'p', node: '4' } };
    expect(currentPrompt(running, follow(start, executing, step, next))).toMatchObject({
      node: '4',
      value: null,
      max: null,
    });
  });

  it.each([
    ['its success', { type: 'execution_success', data: { prompt_id: 'p' } }],
    ['executing null', { type: 'executing', data: { prompt_id: 'p', node: null } }],
    ['the start of another prompt', { type: 'execution_start', data: { prompt_id: 'q' } }],
  ])('is over with %s', (_name, message) => {
    expect(currentPrompt(running, follow(start, executing, step, message))).toMatchObject({ node: null, nodesDone: 0 });
  });

  it('says nothing about a prompt that does not run', () => {
    expect(currentPrompt(null, follow(start, executing))).toBeNull();
  });

  it('knows a prompt nobody reports about (ComfyUI tells the submitting client alone)', () => {
    expect(currentPrompt(running, null)).toMatchObject({ promptId: 'p', node: null, nodesDone: 0, nodesTotal: 3 });
  });
});
