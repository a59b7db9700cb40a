/** What is measured: the built engine before a ComfyUI, a real one when STOKER_TEST_COMFYUI names it, else the simulator with the real page. */
import { join } from 'node:path';
import type { Status } from '../../contract/status.ts';
import { realComfyui } from '../../tests/support/comfyui-process.ts';
import { type EngineProcess, startEngine } from '../../tests/support/engine-process.ts';
import { frontendFolder } from '../../tests/support/real-frontend.ts';

/** As long as a real one takes on a processor. */
const SIMULATED_START_SECONDS = 12;

export const SITUATIONS = ['asleep', 'starting', 'awake', 'direct'] as const;
export type Situation = (typeof SITUATIONS)[number];

export interface Subject {
  readonly name: string;
  readonly engine: EngineProcess;
  /** @returns the address to open, once ComfyUI is in that situation */
  bring(situation: Situation): Promise<string>;
}

export async function startSubject(say: (line: string) => void): Promise<Subject> {
  const real = realComfyui();
  const installation = real
    ? {
        STOKER_INSTALLATION_FOLDER: real.folder,
        STOKER_INSTALLATION_PYTHON: real.python,
        STOKER_INSTALLATION_ARGUMENTS: JSON.stringify(['--cpu']),
      }
    : { STOKER_INSTALLATION_COMMAND_LINE: simulatorCommand(frontendFolder(say)) };
  const engine = await startEngine({ environment: { ...installation, STOKER_IDLE_STOP_AFTER_SECONDS: '0' } });
  return {
    name: real ? 'real ComfyUI' : 'simulator with the real page',
    engine,
    async bring(situation) {
      // From a settled run: so the page is kept, and no start that an earlier visit has asked for falls into this one.
      await engine.post('/manager/start');
      const { port } = await engine.until(isSettled, 120_000);
      if (situation === 'asleep' || situation === 'starting') {
        await engine.post('/manager/stop', { force: true });
        await engine.until(({ state }) => state === 'stopped');
        if (situation === 'asleep') return engine.url;
        // Answered when it runs; here it is opened while it starts.
        void engine.post('/manager/start').catch(() => undefined);
        await engine.until(({ state }) => state === 'starting');
        return engine.url;
      }
      return situation === 'awake' ? engine.url : `http://127.0.0.1:${port}`;
    },
  };
}

/** What it refreshes after waking would be measured with the rest. */
const isSettled = ({ state, page }: Status): boolean => state === 'running' && page.store !== 'refreshing';

function simulatorCommand(frontend: string): string {
  const program = join(process.env.STOKER_TEST_BUILD ?? 'dist', 'simulator/comfyui.js');
  const flags = `--listen {host} --port {port} --sim-start-seconds ${SIMULATED_START_SECONDS}`;
  return `"${process.execPath}" "${program}" ${flags} --front-end-root "${frontend}"`;
}
