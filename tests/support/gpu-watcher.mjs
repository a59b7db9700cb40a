/** A real process that watches the GPU as the engine does, through the nvidia-smi named in its argument; says `measuring` at the first reading. */
import { runnerImport } from 'vite';

const load = async (path) => (await runnerImport(new URL(path, import.meta.url).pathname)).module;
const { createNvidiaSource } = await load('../../engine/gpu/nvidia.ts');
const { systemClock } = await load('../../engine/platform/clock.ts');

const source = createNvidiaSource({
  command: process.argv[2],
  clock: systemClock,
  comfyPids: { known: () => new Set() },
});
source.start(1000, ({ kind }) => process.stdout.write(`${kind === 'readings' ? 'measuring' : kind}\n`));
// The engine's own timers keep nothing alive; its sockets do.
setInterval(() => undefined, 60_000);
