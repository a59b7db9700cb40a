/**
 * WebSockets whose other end is gone without a word, as when a laptop is closed or a cable pulled: the engine finds out and
 * lets go of them. `npm run soak` (STOKER_SOAK_HALF_OPEN=500). Takes some minutes: nobody is called dead within 30 s.
 */
import { randomUUID } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import { openTab } from '../support/comfy-tab.ts';
import { simulatorEntry } from '../support/comfyui-process.ts';
import { startEngine, stopEngines } from '../support/engine-process.ts';
import { openDescriptors, residentMegabytes } from '../support/process-resources.ts';
import { cutRawUpgrades, rawUpgrade } from '../support/raw-upgrade.ts';
import { workflow } from '../support/workflows.ts';

const sockets = Number(process.env.STOKER_SOAK_HALF_OPEN ?? 500);
/** Two checks of 30 s, and room for a busy machine. */
const NOTICED_WITHIN_MS = 120_000;
/** quality.md. */
const MOST_GROWTH_MB = 20;
/** Pooled connections to ComfyUI and what the log opens now and then. */
const DESCRIPTORS_THAT_MOVE = 20;

/** Half stay open and never answer a ping, as a peer that is gone looks from here; half are cut with RST. */
async function openAndForget(port: number, count: number): Promise<void> {
  await Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const { socket, status } = await rawUpgrade(port, `/ws?clientId=${randomUUID().replaceAll('-', '')}`);
      expect(status()).toBe(101);
      if (index % 2 === 0) socket.resetAndDestroy();
    }),
  );
}

afterEach(async () => {
  cutRawUpgrades();
  await stopEngines();
});

it(`${sockets} WebSockets that fell silent are let go of, and a living tab is kept`, { timeout: 900_000 }, async () => {
  const engine = await startEngine({
    environment: {
      STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulatorEntry()}" --listen {host} --port {port} --sim-start-seconds 0.2`,
    },
  });
  const port = Number(new URL(engine.url).port);
  await engine.post('/manager/start');
  const { pid } = await engine.status();
  if (pid === null) throw new Error('ComfyUI has no pid');
  const tab = await openTab(engine.url);
  const rounds: { engineMegabytes: number; engineDescriptors: number; comfyDescriptors: number }[] = [];

  for (let round = 1; round <= 3; round += 1) {
    await openAndForget(port, sockets);
    await engine.until((status) => status.gateway.sockets === 1 + Math.floor(sockets / 2), 10_000);
    await engine.until((status) => status.gateway.sockets === 1, NOTICED_WITHIN_MS);
    cutRawUpgrades();
    const seen = tab.messages.length;
    const queued = await tab.queue(workflow('minimal', { '1.color': round }));
    await tab.next(({ type, data }) => type === 'execution_success' && data.prompt_id === queued.promptId, seen);
    rounds.push({
      engineMegabytes: Math.round(residentMegabytes(engine.pid)),
      engineDescriptors: openDescriptors(engine.pid),
      comfyDescriptors: openDescriptors(pid),
    });
    console.log(`round ${round}:`, JSON.stringify(rounds.at(-1)));
  }

  // The first round is the measure: what the engine needs once, it has had then.
  const [first] = rounds;
  const last = rounds.at(-1);
  if (first === undefined || last === undefined) throw new Error('no round was measured');
  expect(last.engineMegabytes - first.engineMegabytes).toBeLessThan(MOST_GROWTH_MB);
  expect(last.engineDescriptors - first.engineDescriptors).toBeLessThan(DESCRIPTORS_THAT_MOVE);
  expect(last.comfyDescriptors - first.comfyDescriptors).toBeLessThan(DESCRIPTORS_THAT_MOVE);
  expect(tab.closes()).toBe(0);
  tab.close();
});
