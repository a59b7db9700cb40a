/**
 * A real process that supervises ComfyUI, to be killed: its argument is `{dataFolder, settings}` as JSON. Tells every change of
 * state, and that it listens to nobody else, as one line of JSON each.
 */
import { runnerImport } from 'vite';

const load = async (path) => (await runnerImport(new URL(path, import.meta.url).pathname)).module;
const { systemClock } = await load('../../engine/platform/clock.ts');
const { silentLog } = await load('../../engine/platform/log.ts');
const { createProcesses } = await load('../../engine/supervisor/processes.ts');
const { createSupervisor } = await load('../../engine/supervisor/supervisor.ts');

const { dataFolder, settings } = JSON.parse(process.argv[2] ?? '{}');
const log = silentLog();
const supervisor = createSupervisor({
  settings: () => settings,
  dataFolder,
  clock: systemClock,
  log,
  processes: createProcesses({ dataFolder, log, platform: process.platform }),
  environment: process.env,
  platform: process.platform,
  currentNode: () => null,
  random: () => 0,
});
supervisor.onTransition(({ to }) => process.stdout.write(`${JSON.stringify(to)}\n`));
setInterval(() => undefined, 60_000);
await supervisor.recover();
await supervisor.ensureRunning('user');
