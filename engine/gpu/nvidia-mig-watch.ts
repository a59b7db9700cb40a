/** Follows the MIG devices of split cards: names once, memory and processes through a slow loop of their own. Idle until a split card is seen. */
import { execFile } from 'node:child_process';
import type { Clock } from '../platform/clock.ts';
import {
  MIG_ANSWER_END,
  MIG_LIST,
  MIG_QUERY,
  type MigDevice,
  type MigName,
  parseMigDevices,
  parseMigNames,
} from './nvidia-mig.ts';
import { createSmiLoop } from './smi-loop.ts';

export interface NamedMigDevice extends MigDevice {
  /** Null until, or unless, `nvidia-smi -L` named it. */
  readonly name: MigName | null;
}

export interface MigWatch {
  /** Twice is fine. */
  start(): void;
  /** Empty until the first answer. */
  devicesOf(gpuUuid: string): readonly NamedMigDevice[];
  stop(): Promise<void>;
}

/** The whole log of a card takes the driver tens of milliseconds; memory of a slice does not change that fast. */
const PERIOD_SECONDS = 10;
const SILENCE_MS = 3 * PERIOD_SECONDS * 1000;
const LIST_TIMEOUT_MS = 5000;
/** Eight cards with all their clocks stay under a tenth of this. */
const LONGEST_ANSWER = 8 * 1024 * 1024;

export function createMigWatch({ command, clock }: { readonly command: string; readonly clock: Clock }): MigWatch {
  let names: readonly MigName[] = [];
  let devices: readonly MigDevice[] = [];
  let answer: string[] = [];
  let answerLength = 0;
  let started = false;

  const loop = createSmiLoop({
    command,
    clock,
    onLine(line) {
      answer.push(line);
      answerLength += line.length;
      const ended = line.trim() === MIG_ANSWER_END;
      if (ended) devices = parseMigDevices(answer.join('\n'));
      if (ended || answerLength > LONGEST_ANSWER) {
        answer = [];
        answerLength = 0;
      }
      return true;
    },
    // The loop of the cards says what is wrong with nvidia-smi; what this one last told is not true any more.
    onTrouble() {
      devices = [];
    },
  });

  return {
    start() {
      if (started) return;
      started = true;
      execFile(command, [...MIG_LIST], { timeout: LIST_TIMEOUT_MS, windowsHide: true }, (error, stdout) => {
        if (!error) names = parseMigNames(stdout);
      });
      loop.start({
        args: [...MIG_QUERY, '-l', String(PERIOD_SECONDS)],
        limits: { silenceMs: SILENCE_MS, firstLineMs: SILENCE_MS },
      });
    },
    devicesOf: (gpuUuid) =>
      devices
        .filter((device) => device.gpuUuid === gpuUuid)
        .map((device) => ({
          ...device,
          name: names.find((name) => name.gpuUuid === gpuUuid && name.index === device.index) ?? null,
        })),
    stop() {
      started = false;
      devices = [];
      return loop.stop();
    },
  };
}
