/** A prompt that has ended, as the engine tells it. */
import { type PromptEnd, PromptEndSchema } from '../../../../contract/events.ts';

export function promptEnd(changes: Partial<PromptEnd> = {}): PromptEnd {
  return PromptEndSchema.parse({
    promptId: 'p-41',
    at: Date.parse('2026-11-21T13:00:00Z'),
    outcome: 'completed',
    title: 'keeper',
    seconds: 42,
    images: [{ filename: 'keeper_00001_.png', subfolder: '', type: 'output' }],
    message: null,
    ...changes,
  });
}
