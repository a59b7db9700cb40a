/** Type-checks every layer with its own tsconfig (its `lib` and `types` are part of the law between rooms). */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const layers = [
  'contract',
  'strings',
  'engine',
  'engine/comfyui/extension',
  'electron',
  'renderer',
  'simulator',
  'cli',
  'tests',
].filter((layer) => existsSync(join(root, layer, 'tsconfig.json')));

const check = (layer) =>
  new Promise((done) => {
    spawn(process.execPath, [tsc, '-p', join(root, layer)], { cwd: root, stdio: 'inherit' }).on('close', done);
  });

let failed = 0;
const waiting = [...layers];
const worker = async () => {
  for (let layer = waiting.shift(); layer; layer = waiting.shift()) if ((await check(layer)) !== 0) failed += 1;
};
await Promise.all([worker(), worker()]);
process.exit(failed === 0 ? 0 : 1);
