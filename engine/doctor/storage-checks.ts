/** Is there room for results, and can Stoker keep its own data? */
import { mkdtemp, rm, statfs, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { ERROR_CODES } from '../../contract/errors.ts';
import { type Check, type Examination, ok, problem, type Verdict, warning } from './check.ts';
import { gigabytes } from './gigabytes.ts';

/** A batch of large pictures or one short video. */
const PROBLEM_BELOW_BYTES = 1e9;
/** Less than one checkpoint. */
const WARNING_BELOW_BYTES = 10e9;

export const diskCheck: Check = {
  id: 'disk',
  title: 'Disk space',

  async examine(examination) {
    const rooms = await Promise.all(writtenFolders(examination).map(roomIn));
    const [tightest] = rooms.filter((room) => room !== null).sort((a, b) => a.freeBytes - b.freeBytes);
    if (tightest === undefined) {
      return warning('The system did not tell how much space is free.', 'See whether the drive is still connected.');
    }
    return judgeRoom(tightest);
  },
};

export const dataFolderCheck: Check = {
  id: 'data-folder',
  title: 'Data folder',

  async examine({ dataFolder }) {
    try {
      const trial = await mkdtemp(join(dataFolder, '.doctor-'));
      await writeFile(join(trial, 'trial'), 'Stoker can write here.\n').finally(() => rm(trial, { recursive: true }));
      return ok(`${dataFolder} can be written.`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return problem(`${dataFolder} can not be written: ${reason}`, ERROR_CODES.data_folder_unusable.next);
    }
  },
};

export interface Room {
  readonly folder: string;
  readonly freeBytes: number;
}

export function judgeRoom({ folder, freeBytes }: Room): Verdict {
  const finding = `${gigabytes(freeBytes)} are free on the disk of ${folder}.`;
  if (freeBytes >= WARNING_BELOW_BYTES) return ok(finding);
  const judge = freeBytes < PROBLEM_BELOW_BYTES ? problem : warning;
  return judge(finding, 'Delete or move old results and models, or set another output folder in Settings.');
}

function writtenFolders({ subject, settings, dataFolder }: Examination): string[] {
  const comfyui = subject.kind === 'folder' ? subject.folder : null;
  const output = settings.installation.outputDirectory ?? (comfyui === null ? null : join(comfyui, 'output'));
  return [dataFolder, comfyui, output].filter((folder) => folder !== null).map((folder) => resolve(folder));
}

/** A folder that does not exist yet will be made where its parent is. */
async function roomIn(folder: string): Promise<Room | null> {
  for (let place = folder; ; place = dirname(place)) {
    try {
      const { bavail, bsize } = await statfs(place);
      return { folder, freeBytes: bavail * bsize };
    } catch {
      if (dirname(place) === place) return null;
    }
  }
}
