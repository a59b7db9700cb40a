/** What is started to run the built shell: the Electron of this machine, the folder it takes for a checkout, the variables it needs. */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { DesktopSession } from './desktop-session.ts';

/** Suites and bench run in it; the bench bundles this file, so that its own place tells nothing. */
const repository = process.cwd();

/** The folder that STOKER_TEST_BUILD names. */
export function builtProgram(): string {
  const build = process.env.STOKER_TEST_BUILD;
  if (build === undefined) throw new Error('STOKER_TEST_BUILD is unset: run through vitest, which builds once');
  return build;
}

/** Of the runtime that `npm test` has obtained. @throws where none can be had */
export async function electronExecutable(): Promise<string> {
  const { findElectron } = await import(pathToFileURL(join(repository, 'build/electron-runtime.mjs')).href);
  const found = findElectron({ allowInstall: true });
  if ('none' in found) throw new Error(found.none);
  return found.executable;
}

/** A checkout as Electron sees it, with this run's build in the place of `dist`. Made once for a session. */
export function applicationFolder(session: DesktopSession): string {
  const folder = join(session.folder, 'application');
  if (existsSync(folder)) return folder;
  mkdirSync(folder);
  const whole = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const { name, productName, version, description, type, main } = whole;
  const about = { name, productName, version, description, type, main };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(about));
  symlinkSync(builtProgram(), join(folder, 'dist'));
  symlinkSync(join(repository, 'resources'), join(folder, 'resources'));
  return folder;
}

/** As `npm start` sets them, with the engine's data in the session's folder. */
export function shellEnvironment(session: DesktopSession): Record<string, string> {
  return {
    ...(session.environment as Record<string, string>),
    STOKER_ENGINE_NODE: process.execPath,
    STOKER_ENGINE_PROGRAM: builtProgram(),
    STOKER_DATA_DIR: join(session.folder, 'engine-data'),
  };
}
