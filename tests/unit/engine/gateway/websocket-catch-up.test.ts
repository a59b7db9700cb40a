import { describe, expect, it } from 'vitest';
import { missedFrames } from '../../../../engine/gateway/websocket-catch-up.ts';
import type { ToldPrompt } from '../../../../engine/gateway/websocket-transcript.ts';

const said = (frames: string[] | null): { type: string }[] => (frames ?? []).map((text) => JSON.parse(text));
const types = (frames: string[] | null): string[] => said(frames).map(({ type }) => type);
const told = (changes: Partial<ToldPrompt> = {}): ToldPrompt => ({
  promptId: 'p',
  node: '2',
  executed: [],
  ended: false,
  ...changes,
});

describe('a prompt whose end was missed although ComfyUI went on', () => {
  const history = {
    p: {
      outputs: { 2: { images: ['two'] }, 4: { images: ['four'] } },
      meta: { 4: { display_node: '4', node_id: '4' } },
      status: {
        status_str: 'success',
        messages: [
          ['execution_start', { prompt_id: 'p' }],
          ['execution_success', { prompt_id: 'p', timestamp: 7 }],
        ],
      },
    },
  };

  it("is told from the history: what is missing, in ComfyUI's order (comfy-cli#200)", () => {
    const frames = missedFrames(told({ executed: ['2'] }), history);
    expect(said(frames)).toEqual([
      { type: 'executed', data: { node: '4', display_node: '4', output: { images: ['four'] }, prompt_id: 'p' } },
      { type: 'execution_success', data: { prompt_id: 'p', timestamp: 7 } },
      { type: 'executing', data: { node: null, prompt_id: 'p' } },
    ]);
  });

  it('is closed only, when its outcome was told', () => {
    expect(types(missedFrames(told({ executed: ['2', '4'], ended: true }), history))).toEqual(['executing']);
  });

  it.each([{}, { q: {} }, null, [], { p: 1 }])('is not in the history %j', (answer) => {
    expect(missedFrames(told(), answer)).toBeNull();
  });

  it('with an entry that lacks its parts is closed all the same', () => {
    expect(types(missedFrames(told(), { p: {} }))).toEqual(['executing']);
  });
});
