import { expect, it } from 'vitest';
import type { PromptEnd } from '../../../../contract/events.ts';
import { promptEndSentence } from '../../../../engine/api/prompt-words.ts';

const image = { filename: 'a.png', subfolder: '', type: 'output' } as const;
const end: PromptEnd = {
  promptId: 'a',
  at: 0,
  outcome: 'completed',
  title: null,
  seconds: 12,
  images: [],
  message: null,
};

it.each<[Partial<PromptEnd>, string]>([
  [{ images: [image, image, image, image] }, 'Prompt done: 4 images in 12 s.'],
  [{ images: [image], seconds: 0.4123 }, 'Prompt done: 1 image in 0.4 s.'],
  [{ seconds: null }, 'Prompt done.'],
  [{ seconds: 120 }, 'Prompt done in 2 min.'],
  [{ seconds: 184.6 }, 'Prompt done in 3 min 5 s.'],
  [{ outcome: 'failed', message: 'KSampler (node 3): no' }, 'Prompt failed: KSampler (node 3): no.'],
  [{ outcome: 'failed', message: 'It crashed.' }, 'Prompt failed: It crashed.'],
  [{ outcome: 'interrupted' }, 'Prompt interrupted after 12 s.'],
  [{ outcome: 'interrupted', seconds: null }, 'Prompt interrupted.'],
])('%o reads as a sentence', (facts, sentence) => {
  expect(promptEndSentence({ ...end, ...facts })).toBe(sentence);
});
