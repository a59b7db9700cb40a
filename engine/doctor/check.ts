/** What every check of the doctor is given and returns. A check looks and tells; it repairs nothing. */
import type { DoctorCheck } from '../../contract/doctor.ts';
import type { GpuSnapshot } from '../../contract/gpu.ts';
import type { Settings } from '../../contract/settings.ts';
import type { ProcessTable } from '../supervisor/processes/process-table.ts';
import type { RunCommand } from '../supervisor/processes/run-command.ts';
import type { Subject } from './subject.ts';

export interface Examination {
  readonly settings: Settings;
  /** The installation that is examined. */
  readonly subject: Subject;
  readonly dataFolder: string;
  readonly table: Pick<ProcessTable, 'listenerOf'>;
  /** Pids of the ComfyUI that runs now and of what it started; empty while it does not run. */
  readonly comfyPids: () => Promise<readonly number[]>;
  /** The newest lines that ComfyUI printed, oldest first. */
  readonly logTail: () => readonly string[];
  readonly readGpu: () => Promise<GpuSnapshot>;
  readonly run: RunCommand;
}

export type Verdict = Pick<DoctorCheck, 'outcome' | 'finding' | 'advice'>;

export interface Check extends Pick<DoctorCheck, 'id' | 'title'> {
  examine(examination: Examination): Promise<Verdict>;
}

export function ok(finding: string): Verdict {
  return { outcome: 'ok', finding, advice: null };
}

export function skipped(finding: string): Verdict {
  return { outcome: 'skipped', finding, advice: null };
}

export function warning(finding: string, advice: string): Verdict {
  return { outcome: 'warning', finding, advice };
}

export function problem(finding: string, advice: string): Verdict {
  return { outcome: 'problem', finding, advice };
}
