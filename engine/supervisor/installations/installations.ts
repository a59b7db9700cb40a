/** Every ComfyUI on this machine that can be found without searching the whole disk, each once, the most telling first. */
import type { Installation } from '../../../contract/doctor.ts';
import type { Clock } from '../../platform/clock.ts';
import type { ProcessTable } from '../processes/process-table.ts';
import { findDesktop } from './desktop.ts';
import { findGitClones } from './git-clones.ts';
import { findPinokio } from './pinokio.ts';
import { describeAll, type InstallationFiles, type Places } from './places.ts';
import { findPortableBuilds } from './portable.ts';
import { findRunning } from './running.ts';
import { findStabilityMatrix } from './stability-matrix.ts';

export interface InstallationsDeps extends Places {
  readonly table: Pick<ProcessTable, 'list' | 'environmentOf'>;
  readonly clock: Pick<Clock, 'after'>;
  /** What the settings name now. */
  readonly configured: { readonly folder: string | null; readonly python: string | null };
}

/** A drive that went to sleep or a share that is gone can hold a look for minutes; the others are shown without it. */
const PATIENCE_MS = 5_000;

export async function findInstallations(deps: InstallationsDeps): Promise<Installation[]> {
  const { folder, python } = deps.configured;
  const searches = [
    folder === null ? Promise.resolve([]) : describeAll(deps, [{ kind: 'configured', folder, python }]),
    findRunning(deps, deps.table),
    ...[findDesktop, findPortableBuilds, findStabilityMatrix, findPinokio, findGitClones].map((find) => find(deps)),
  ];
  const found = await Promise.all(searches.map((search) => withinPatience(search, deps.clock)));
  return eachOnce(found.flat(), deps.files);
}

function withinPatience(search: Promise<Installation[]>, clock: Pick<Clock, 'after'>): Promise<Installation[]> {
  return new Promise((resolve) => {
    const cancel = clock.after(PATIENCE_MS, () => resolve([]));
    search
      .catch(() => [])
      .then((installations) => {
        cancel();
        resolve(installations);
      });
  });
}

async function eachOnce(installations: readonly Installation[], files: InstallationFiles): Promise<Installation[]> {
  const known = new Set<string>();
  const kept: Installation[] = [];
  for (const installation of installations) {
    const place = (await files.realPath(installation.folder)) ?? installation.folder;
    if (known.has(place)) continue;
    known.add(place);
    kept.push(installation);
  }
  return kept;
}
