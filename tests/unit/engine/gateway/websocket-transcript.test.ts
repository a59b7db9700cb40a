import { describe, expect, it } from 'vitest';
import { readFrame } from '../../../../engine/comfyui/frames.ts';
import {
  farewell,
  isRepeat,
  isTold,
  type Loss,
  lostPromptFrames,
  NOTHING_TOLD,
  type Transcript,
  tell,
} from '../../../../engine/gateway/websocket-transcript.ts';

const frame = (type: string, data: object): string => JSON.stringify({ type, data });
const status = (remaining: number, sid?: string): string =>
  frame('status', { status: { exec_info: { queue_remaining: remaining } }, sid });
const start = frame('execution_start', { prompt_id: 'p' });
const executing = (node: string | null, promptId: string | undefined = 'p'): string =>
  frame('executing', { node, prompt_id: promptId });
const resumed = (node: string): string => frame('executing', { node });
const executed = (node: string): string => frame('executed', { node, prompt_id: 'p', output: {} });
const success = frame('execution_success', { prompt_id: 'p' });
const flags = (size: number): string => frame('feature_flags', { max_upload_size: size });

function toldAfter(...frames: string[]): Transcript {
  return frames.reduce((transcript, text) => {
    const message = readFrame(text);
    return message === null ? transcript : tell(transcript, message);
  }, NOTHING_TOLD);
}

const repeats = (transcript: Transcript, text: string): boolean => {
  const message = readFrame(text);
  return message !== null && isRepeat(transcript, message);
};

const said = (frames: string[]): { type: string; data: Record<string, unknown> }[] =>
  frames.map((text) => JSON.parse(text));
const types = (frames: string[]): string[] => said(frames).map(({ type }) => type);
const stopped: Loss = { kind: 'stopped' };
const crashed: Loss = { kind: 'failed', message: 'ComfyUI was killed (SIGKILL).' };
const nodeType = () => 'LabSlow';

describe('nothing is sent twice', () => {
  it.each<[string, Transcript, string, boolean]>([
    [
      'the first status of a new connection, when the client knows the count',
      toldAfter(status(0, 's')),
      status(0, 's'),
      true,
    ],
    ['but not when the count is another', toldAfter(status(0, 's')), status(1, 's'), false],
    ['nor for a client who knows nothing', NOTHING_TOLD, status(0, 's'), false],
    ['a broadcast status always passes: ComfyUI itself says it twice', toldAfter(status(1)), status(1), false],
    ['the same feature flags', toldAfter(flags(100)), flags(100), true],
    ['other feature flags', toldAfter(flags(100)), flags(200), false],
    ['the node that a reconnect tells, when the client knows it', toldAfter(start, executing('2')), resumed('2'), true],
    ['another node', toldAfter(start, executing('2')), resumed('3'), false],
    ['the same node executing again is news', toldAfter(start, executing('2')), executing('2'), false],
    ['the start of a prompt is news', toldAfter(start), start, false],
  ])('%s', (_name, transcript, text, expected) => {
    expect(repeats(transcript, text)).toBe(expected);
  });
});

describe('what is worth reading', () => {
  it.each([
    'status',
    'feature_flags',
    'execution_start',
    'executing',
    'executed',
    'execution_success',
    'execution_error',
    'execution_interrupted',
  ])('%s', (type) => {
    expect(isTold(type)).toBe(true);
  });
  it.each(['progress', 'progress_state', 'execution_cached', 'logs', 'crystools.monitor', null])('not %s', (type) => {
    expect(isTold(type)).toBe(false);
  });
});

describe('when ComfyUI ends (comfyui-mcp#2507: a lost prompt must not look done)', () => {
  it('in the middle of a prompt: an error with the reason, then the empty queue, then nothing executing', () => {
    const frames = farewell(
      toldAfter(status(1), start, executing('1'), executing('2'), executed('1')),
      crashed,
      nodeType,
      5,
    );
    expect(types(frames)).toEqual(['execution_error', 'status', 'executing']);
    expect(said(frames)[0]?.data).toMatchObject({
      prompt_id: 'p',
      node_id: '2',
      node_type: 'LabSlow',
      executed: ['1'],
      exception_message: 'ComfyUI was killed (SIGKILL).\n',
      timestamp: 5,
    });
    expect(said(frames)[1]?.data).toEqual({ status: { exec_info: { queue_remaining: 0 } } });
    expect(said(frames)[2]?.data).toEqual({ node: null, prompt_id: 'p' });
  });

  it('because somebody stopped it: interrupted', () => {
    const frames = farewell(toldAfter(status(1), start, executing('2')), stopped, nodeType, 5);
    expect(types(frames)).toEqual(['execution_interrupted', 'status', 'executing']);
  });

  it('before the first node: still an end', () => {
    const frames = farewell(toldAfter(status(1), start), crashed, () => null, 5);
    expect(said(frames)[0]?.data).toMatchObject({ node_id: '', node_type: '', executed: [] });
  });

  it('between the success and the last message: only what is missing', () => {
    const frames = farewell(toldAfter(start, executing('2'), success, status(0)), crashed, nodeType, 5);
    expect(types(frames)).toEqual(['executing']);
  });

  it('with prompts of others in the queue: only the empty queue', () => {
    expect(types(farewell(toldAfter(status(3)), crashed, nodeType, 5))).toEqual(['status']);
  });

  it.each([
    ['after the end of a prompt', toldAfter(status(1), start, executing('2'), success, status(0), executing(null))],
    ['in an idle tab', toldAfter(status(0, 's'))],
    ['before anything was said', NOTHING_TOLD],
  ])('%s there is nothing to say', (_name, transcript) => {
    expect(farewell(transcript, crashed, nodeType, 5)).toEqual([]);
  });

  it('says it once: the client knows it afterwards', () => {
    const before = [status(1), start, executing('2')];
    const frames = farewell(toldAfter(...before), crashed, nodeType, 5);
    expect(farewell(toldAfter(...before, ...frames), crashed, nodeType, 5)).toEqual([]);
  });
});

describe('a prompt that a ComfyUI which goes on does not know', () => {
  it('is interrupted, and the queue of others is left alone', () => {
    const told = { promptId: 'p', node: '2', executed: [], ended: false };
    expect(types(lostPromptFrames(told, stopped, nodeType, 5))).toEqual(['execution_interrupted', 'executing']);
  });
});
