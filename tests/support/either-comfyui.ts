/** Runs one suite against the simulator, and again against the real ComfyUI when STOKER_TEST_COMFYUI names its folder. */
import { afterAll, beforeAll, describe } from 'vitest';
import { type ComfyuiProcess, realComfyui, startSimulator, stopAllComfyui } from './comfyui-process.ts';

/** `declare` gets the running process through a function, because it exists only once the tests run. */
export function describeEither(
  title: string,
  declare: (comfyui: () => ComfyuiProcess) => void,
  words: string[] = [],
): void {
  const real = realComfyui();
  const suite = (start: () => Promise<ComfyuiProcess>) => () => {
    let started: ComfyuiProcess | undefined;
    beforeAll(async () => {
      started = await start();
    }, 120_000);
    afterAll(stopAllComfyui);
    declare(() => {
      if (!started) throw new Error('ComfyUI did not start');
      return started;
    });
  };
  describe(
    `${title}: the simulator`,
    suite(() => startSimulator({ arguments: ['--cpu', ...words] })),
  );
  describe.skipIf(!real)(
    `${title}: the real ComfyUI`,
    suite(() => (real ? real.start({ arguments: words }) : Promise.reject(new Error('no real ComfyUI')))),
  );
}
