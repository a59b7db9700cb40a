/** Examines everything that ComfyUI needs to start, all at once, and reports in words. Changes nothing, and takes no longer than 20 s. */
import type { DoctorCheck, DoctorReport } from '../../contract/doctor.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Clock } from '../platform/clock.ts';
import { type Check, type Examination, type Verdict, warning } from './check.ts';
import { customNodesCheck } from './custom-nodes-check.ts';
import { folderCheck } from './folder-check.ts';
import { gpuDriverCheck } from './gpu-driver-check.ts';
import { privatePortCheck, publicPortCheck } from './port-checks.ts';
import { pythonCheck } from './python-check.ts';
import { dataFolderCheck, diskCheck } from './storage-checks.ts';
import { findSubject, type SubjectSearch } from './subject.ts';
import { torchCheck } from './torch-check.ts';

export interface DoctorDeps
  extends Omit<Examination, 'settings' | 'subject'>,
    Pick<SubjectSearch, 'demo' | 'platform' | 'environment'> {
  /** The settings in force now. */
  readonly settings: () => Settings;
  readonly clock: Pick<Clock, 'now' | 'after'>;
}

export interface Doctor {
  /** Never rejects; who asks while an examination is under way gets its report. */
  run(): Promise<DoctorReport>;
}

const LIMIT_MS = 20_000;

/** In the order of the report: each matters only when those before it are well. */
const CHECKS: readonly Check[] = [
  folderCheck,
  pythonCheck,
  torchCheck,
  gpuDriverCheck,
  publicPortCheck,
  privatePortCheck,
  diskCheck,
  dataFolderCheck,
  customNodesCheck,
];

export function createDoctor(deps: DoctorDeps): Doctor {
  let underWay: Promise<DoctorReport> | null = null;

  async function examineAll(): Promise<DoctorReport> {
    const settings = deps.settings();
    const examination = { ...deps, settings, subject: findSubject({ ...deps, settings }) };
    const checks = await Promise.all(CHECKS.map((check) => runCheck(check, examination, deps.clock)));
    return { at: deps.clock.now(), checks };
  }

  return {
    run() {
      underWay ??= examineAll().finally(() => {
        underWay = null;
      });
      return underWay;
    },
  };
}

async function runCheck(check: Check, examination: Examination, clock: Pick<Clock, 'after'>): Promise<DoctorCheck> {
  const { id, title } = check;
  return { id, title, ...(await withinLimit(check.examine(examination), clock)) };
}

function withinLimit(verdict: Promise<Verdict>, clock: Pick<Clock, 'after'>): Promise<Verdict> {
  return new Promise((resolve) => {
    const cancel = clock.after(LIMIT_MS, () =>
      resolve(
        warning(`There was no answer within ${LIMIT_MS / 1000} s.`, 'Look again when the computer is less busy.'),
      ),
    );
    verdict
      .catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        return warning(`This could not be examined: ${reason}`, 'Read the engine log and report it.');
      })
      .then((known) => {
        cancel();
        resolve(known);
      });
  });
}
