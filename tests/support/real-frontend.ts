/** The real frontend of ComfyUI for the simulator to serve: the package that the tested ComfyUI pins, from PyPI, kept in `.cache`. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const VERSION = '1.27.10';
/** Of https://pypi.org/pypi/comfyui-frontend-package/<version>/json. */
const SHA256 = '822b2ef715771ec83ad19605d02e25b069991d366b81ccc550ab280ae9c831b8';

/** Of the measured or tested page: STOKER_TEST_FRONTEND names another than the pinned one. @throws with what pip said */
export const frontendFolder = (say: (line: string) => void): string =>
  process.env.STOKER_TEST_FRONTEND ? resolve(process.env.STOKER_TEST_FRONTEND) : pinnedFrontend(say);

/** @returns its folder with index.html @throws with what pip said */
export function pinnedFrontend(say: (line: string) => void): string {
  const cache = resolve('.cache');
  const target = join(cache, `comfyui-frontend-${VERSION}`);
  if (!existsSync(target)) {
    say(`fetching ComfyUI's frontend ${VERSION} from PyPI`);
    mkdirSync(cache, { recursive: true });
    const folder = mkdtempSync(join(cache, 'making-'));
    try {
      const words = ['build/pypi_wheel.py', `comfyui-frontend-package==${VERSION}`, 'any', SHA256, folder];
      const { status, stderr, error } = spawnSync('python3', words, { encoding: 'utf8' });
      if (error !== undefined || status !== 0) throw new Error(`The frontend could not be had: ${error ?? stderr}`);
      renameSync(folder, target);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return join(target, 'comfyui_frontend_package/static');
}
