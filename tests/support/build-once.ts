/**
 * Builds the Node programs and the page into a folder of this run's own (inside node_modules, so that imports resolve),
 * and tells test files where through STOKER_TEST_BUILD. Set STOKER_TEST_BUILD yourself to reuse a build.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

export default function setup(): (() => void) | undefined {
  if (process.env.STOKER_TEST_BUILD) return undefined;
  const parent = join(root, 'node_modules/.cache/stoker-test');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'build-'));
  const built = spawnSync(process.execPath, [join(root, 'build/build.mjs')], {
    cwd: root,
    env: { ...process.env, STOKER_BUILD_DIR: folder, NODE_ENV: 'production' },
    encoding: 'utf8',
  });
  if (built.status !== 0) throw new Error(`build failed:\n${built.stdout}\n${built.stderr}`);
  process.env.STOKER_TEST_BUILD = folder;
  return () => {
    rmSync(folder, { recursive: true, force: true });
    delete process.env.STOKER_TEST_BUILD;
  };
}
