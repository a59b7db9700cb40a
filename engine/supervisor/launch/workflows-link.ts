/**
 * Keeps ComfyUI's workflows folder pointing at a folder of the user's choice (a project under version control).
 * Only ever replaces a link or an empty folder: files of the user are never moved or deleted.
 */
import { lstatSync, mkdirSync, readdirSync, readlinkSync, rmdirSync, statSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../platform/app-error.ts';

export interface WorkflowsLink {
  /** Where the workflows really live; made when it does not exist. */
  readonly workflowsFolder: string;
  /** ComfyUI's user folder. */
  readonly userFolder: string;
  readonly platform: NodeJS.Platform;
}

/**
 * Makes `<user folder>/default/workflows` a link to `workflowsFolder`; does nothing when it is one already.
 * @throws AppError invalid_settings when a folder with files, or a file, stands there, or the link can not be made
 */
export function keepWorkflowsLink(link: WorkflowsLink): void {
  const target = resolve(link.workflowsFolder);
  const place = join(resolve(link.userFolder), 'default', 'workflows');
  if (place === target) return;
  try {
    makeFolder(target);
    clearPlace(place, target, link.platform);
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw linkError(place, `the link to ${target} could not be made: ${reasonOf(error)}`, error);
  }
}

function clearPlace(place: string, target: string, platform: NodeJS.Platform): void {
  const standing = lstatSync(place, { throwIfNoEntry: false });
  if (standing?.isSymbolicLink()) {
    if (resolve(dirname(place), readlinkSync(place)) === target) return;
    unlinkSync(place);
  } else if (standing?.isDirectory()) {
    const files = readdirSync(place).length;
    if (files > 0) {
      throw linkError(
        place,
        `it holds ${files === 1 ? 'one entry' : `${files} entries`} of its own. Move them to ${target}, or clear the workflows folder in Settings`,
      );
    }
    rmdirSync(place);
  } else if (standing !== undefined) {
    throw linkError(place, 'a file of that name stands there');
  }
  mkdirSync(dirname(place), { recursive: true });
  // A junction needs no administrator; Windows keeps symbolic links for those who have the right.
  symlinkSync(target, place, platform === 'win32' ? 'junction' : 'dir');
}

function makeFolder(folder: string): void {
  mkdirSync(folder, { recursive: true });
  if (!statSync(folder).isDirectory()) throw linkError(folder, 'it is not a folder');
}

function linkError(place: string, why: string, cause?: unknown): AppError {
  return new AppError('invalid_settings', `Stoker can not link the workflows folder at ${place}: ${why}.`, {
    details: { key: 'installation.workflowsFolder' },
    ...(cause === undefined ? {} : { cause }),
  });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
