/** The packages as `npm run dist` makes them, loosely packed, in a folder of the test's own. STOKER_TEST_PACKAGES names finished ones to reuse. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const repository = resolve(import.meta.dirname, '../../..');

export interface MadePackages {
  /** For unpacking and the like; on the disk of the checkout, since packages are large. */
  readonly scratch: string;
  /** The one whose name ends so. @throws when there is not exactly one */
  package(ending: string): string;
  /** What `npm run dist` says of their parts. */
  sizes(): readonly PackageSizes[];
  remove(): void;
}

export interface PackageSizes {
  readonly target: string;
  /** Bytes by name of the part. */
  readonly parts: Readonly<Record<string, number>>;
  readonly packages: Readonly<Record<string, number>>;
}

/** @param systems as in `--only`, for example `linux` or `win,mac` */
export function makePackages(systems: string): MadePackages {
  const parent = join(repository, 'node_modules/.cache/stoker-packages');
  mkdirSync(parent, { recursive: true });
  const scratch = mkdtempSync(join(parent, 'made-'));
  const finished = process.env.STOKER_TEST_PACKAGES;
  const folder = finished ?? join(scratch, 'packages');
  if (finished === undefined) runDist(systems, folder);
  return {
    scratch,
    package(ending) {
      const [found, ...others] = readdirSync(folder).filter((name) => name.endsWith(ending));
      if (found === undefined || others.length > 0) {
        throw new Error(`one package *${ending} was expected among: ${readdirSync(folder).join(', ')}`);
      }
      return join(folder, found);
    },
    sizes: () => JSON.parse(readFileSync(join(folder, 'sizes.json'), 'utf8')),
    remove: () => rmSync(scratch, { recursive: true, force: true }),
  };
}

function runDist(systems: string, output: string): void {
  const build = process.env.STOKER_TEST_BUILD;
  const words = ['--quick', '--only', systems, '--output', output, ...(build === undefined ? [] : ['--build', build])];
  const made = spawnSync(process.execPath, [join(repository, 'build/dist.mjs'), ...words], {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (made.status !== 0) throw new Error(`npm run dist failed:\n${made.stdout}\n${made.stderr}`);
}

/** @throws with what the program said when it fails */
export function run(program: string, ...words: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(program, words, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${program} ${words.join(' ')} failed: ${error?.message ?? stderr}\n${stdout}`);
  return stdout;
}
