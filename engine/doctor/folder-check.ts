/** Is the chosen folder a ComfyUI, and which version? */
import { join } from 'node:path';
import { ERROR_CODES } from '../../contract/errors.ts';
import { diskFiles, isComfyui, readVersion } from '../supervisor/installations/places.ts';
import { type Check, ok, problem, skipped } from './check.ts';
import { isFile } from './subject.ts';

export const folderCheck: Check = {
  id: 'folder',
  title: 'ComfyUI folder',

  async examine({ subject }) {
    if (subject.kind === 'unseen') return skipped(subject.why);
    if (subject.kind === 'notChosen') return problem(subject.why, ERROR_CODES.not_configured.next);
    const { folder } = subject;
    if (await isComfyui(diskFiles, folder)) {
      return ok(`${folder} holds ComfyUI ${(await readVersion(diskFiles, folder)) ?? '(version unknown)'}.`);
    }
    const inside = join(folder, 'ComfyUI');
    return problem(
      isFile(join(folder, 'main.py'))
        ? `${folder} holds a main.py, but not the rest of ComfyUI.`
        : `${folder} holds no main.py, or may not be read.`,
      isFile(join(inside, 'main.py')) ? `Choose ${inside} in Settings.` : ERROR_CODES.folder_invalid.next,
    );
  },
};
