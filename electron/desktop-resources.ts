/** Where the shell's pictures and pages lie: `resources/desktop`, beside the build or in the package. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** @param from the folder of the shell's bundle; a build may lie deeper than `dist/` @throws when there is none above it */
export function findResources(from: string): string {
  for (let folder = from; ; folder = dirname(folder)) {
    const resources = join(folder, 'resources', 'desktop');
    if (existsSync(resources)) return resources;
    if (dirname(folder) === folder) throw new Error(`There is no resources/desktop above ${from}.`);
  }
}
