/**
 * Many sleeps and wakes in a row: no orphan, no lost prompt, one socket, flat memory. Not part of `npm test`:
 * `npm run soak` (STOKER_SOAK_CYCLES=50; with STOKER_TEST_COMFYUI=<folder> against a real ComfyUI).
 */
import { afterEach, expect, it } from 'vitest';
import { openTab } from '../support/comfy-tab.ts';
import { realComfyui, simulatorEntry } from '../support/comfyui-process.ts';
import { type EngineProcess, startEngine, stopEngines } from '../support/engine-process.ts';
import { processesWithEnvironment } from '../support/process-environment.ts';
import { residentMegabytes } from '../support/process-resources.ts';
import { workflow } from '../support/workflows.ts';

const cycles = Number(process.env.STOKER_SOAK_CYCLES ?? 50);
const real = realComfyui();
const environment: Record<string, string> = {
  STOKER_IDLE_STOP_AFTER_SECONDS: '1',
  ...(real === undefined
    ? {
        STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --sim-start-seconds 0.2 --sim-fork-grandchild`,
      }
    : {
        STOKER_INSTALLATION_FOLDER: real.folder,
        STOKER_INSTALLATION_PYTHON: real.python,
        STOKER_INSTALLATION_ARGUMENTS: '["--cpu"]',
      }),
};

/** What the engine started and what that started. (Variables named STOKER_… do not reach ComfyUI.) */
function marked(marker: string, enginePid: number): number[] {
  return processesWithEnvironment('SOAK_MARKER', marker).filter((pid) => pid !== enginePid);
}

afterEach(stopEngines);

it(`${cycles} sleeps and wakes leave nothing running and lose nothing`, { timeout: cycles * 60_000 }, async () => {
  const marker = `soak-${process.pid}`;
  const engine: EngineProcess = await startEngine({ environment: { ...environment, SOAK_MARKER: marker } });
  const tab = await openTab(engine.url);
  const finished: string[] = [];
  const memory: number[] = [];

  for (let cycle = 0; cycle < cycles; cycle += 1) {
    const seen = tab.messages.length;
    const queued = await tab.queue(workflow('minimal', { '1.color': cycle + 1 }));
    expect(queued.status).toBe(200);
    await tab.next(
      (message) => message.type === 'execution_success' && message.data.prompt_id === queued.promptId,
      seen,
    );
    finished.push(queued.promptId);
    // ComfyUI and, in the simulator, its grandchild carry the mark: the check below can fail.
    expect(marked(marker, engine.pid).length).toBeGreaterThan(0);
    await engine.until((status) => status.state === 'stopped');
    expect(marked(marker, engine.pid)).toEqual([]);
    memory.push(residentMegabytes(engine.pid));
    if (cycle % 10 === 9) console.log(`cycle ${cycle + 1}: engine ${memory.at(-1)?.toFixed(0)} MB resident`);
  }

  expect(new Set(finished).size).toBe(cycles);
  expect(tab.closes()).toBe(0);
  const [settled = 0] = memory.slice(Math.min(5, cycles - 1));
  expect((memory.at(-1) ?? 0) - settled).toBeLessThan(20);
  tab.close();
});
