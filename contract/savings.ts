/** What sleeping has saved, and what remote work has cost. Counted since Stoker first ran on this data folder. */
import { z } from 'zod';

const microDollars = z.number().int().describe('Millionths of a US dollar, with what is held for jobs in flight.');

export const SavingsSchema = z.object({
  since: z.number().describe('Epoch milliseconds: counted from here.'),
  asleepSeconds: z.number().describe('ComfyUI was asleep while Stoker and the computer were awake.'),
  gpuHours: z.number().nullable().describe('In which a card was free for others; null when no card was ever measured.'),
  wattHours: z.number().nullable().describe('Null until power was measured both idle and asleep.'),
  idleWatts: z.number().nullable().describe('All cards with ComfyUI awake and idle, as learnt.'),
  asleepWatts: z.number().nullable().describe('The same with ComfyUI asleep.'),
  remote: z.object({
    today: microDollars,
    month: microDollars,
    days: z
      .array(z.object({ day: z.string(), microDollars }))
      .describe('With any cost, at most the last 31; newest first.'),
  }),
});
export type Savings = z.infer<typeof SavingsSchema>;
