/** Which installation is examined. A free start command hides its folder and Python, so checks of those have nothing to look at then. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Settings } from '../../contract/settings.ts';
import { findPython, type PythonFinding } from '../supervisor/launch/python.ts';

export type Subject =
  | { readonly kind: 'folder'; readonly folder: string; readonly python: PythonFinding }
  | { readonly kind: 'unseen'; readonly why: string }
  | { readonly kind: 'notChosen'; readonly why: string };

export interface SubjectSearch {
  readonly settings: Settings;
  /** The simulator stands in for ComfyUI: there is no installation to look at. */
  readonly demo: boolean;
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function findSubject({ settings, demo, platform, environment }: SubjectSearch): Subject {
  const { folder, commandLine, python } = settings.installation;
  if (demo) return { kind: 'unseen', why: 'The built-in simulator runs in place of ComfyUI.' };
  if (commandLine !== null) {
    return { kind: 'unseen', why: `A start command is set (${commandLine}); what it starts is not examined.` };
  }
  if (folder === null) return { kind: 'notChosen', why: 'No ComfyUI is chosen yet.' };
  const path = resolve(folder);
  return {
    kind: 'folder',
    folder: path,
    python: findPython({ folder: path, configured: python, platform, environment, isFile }),
  };
}

export function isFile(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return false;
  }
}
