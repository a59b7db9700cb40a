/** The life of the supervised ComfyUI process as the API tells it. Data lives in the variant; times are epoch milliseconds. */
import { z } from 'zod';

export const BOOT_PHASES = ['launching', 'python', 'torch', 'customNodes', 'server'] as const;

export const BootPhaseSchema = z.enum(BOOT_PHASES);
export type BootPhase = z.infer<typeof BootPhaseSchema>;

export const START_REASONS = [
  'user',
  'request',
  'restart',
  'crashRecovery',
  'adopted',
  'settings',
  'launch',
  'cardBack',
] as const;
export const StartReasonSchema = z.enum(START_REASONS);
export type StartReason = z.infer<typeof StartReasonSchema>;

export const STOP_REASONS = [
  'neverStarted',
  'user',
  'idle',
  'queueDone',
  'restart',
  'settings',
  'shutdown',
  'exited',
  'startCancelled',
  'yielded',
] as const;
export const StopReasonSchema = z.enum(STOP_REASONS);
export type StopReason = z.infer<typeof StopReasonSchema>;

/** Why ComfyUI ended or did not start: in words, with the evidence. */
export const FailureSchema = z.object({
  code: z.string().describe('One of contract/errors.ts, for example exited_early, crashed, hung.'),
  message: z.string().describe('What happened and why, in words.'),
  exitCode: z.number().int().nullable(),
  signal: z.string().nullable(),
  /** Node that ran last or custom node whose import was last printed, when known. */
  suspect: z.string().nullable(),
  /** True when starting without custom nodes is worth offering. */
  offerWithoutCustomNodes: z.boolean(),
  logTail: z.array(z.string()).describe('The last lines ComfyUI printed, oldest first.'),
});
export type Failure = z.infer<typeof FailureSchema>;

export const SupervisorStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('stopped'), since: z.number(), reason: StopReasonSchema }),
  z.object({
    kind: z.literal('starting'),
    attempt: z.number().int().describe('1 for a first start, more after crashes.'),
    since: z.number(),
    reason: StartReasonSchema,
    phase: BootPhaseSchema,
    detail: z.string().nullable().describe('Custom node being imported, when printed.'),
  }),
  z.object({
    kind: z.literal('running'),
    pid: z.number().int(),
    port: z.number().int().describe('The private port ComfyUI listens on.'),
    since: z.number(),
    reason: StartReasonSchema,
    withoutCustomNodes: z.boolean(),
  }),
  z.object({ kind: z.literal('stopping'), reason: StopReasonSchema, since: z.number(), deadline: z.number() }),
  z.object({
    kind: z.literal('backingOff'),
    attempt: z.number().int(),
    retryAt: z.number(),
    since: z.number(),
    error: FailureSchema,
  }),
  z.object({ kind: z.literal('failed'), since: z.number(), error: FailureSchema }),
]);
export type SupervisorState = z.infer<typeof SupervisorStateSchema>;
export type SupervisorStateKind = SupervisorState['kind'];
