/**
 * A real supervisor over real processes (the simulator, or any command), on a data folder of its own. Everything it starts
 * bears a mark and is ended after the test, also when the test failed.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Settings, SettingsSchema } from '../../contract/settings.ts';
import type { SupervisorState, SupervisorStateKind } from '../../contract/supervisor-state.ts';
import { type Clock, systemClock } from '../../engine/platform/clock.ts';
import { silentLog } from '../../engine/platform/log.ts';
import { createProcessTable } from '../../engine/supervisor/processes/process-table.ts';
import { createProcesses, type Processes } from '../../engine/supervisor/processes.ts';
import { createSupervisor, type Supervisor, type Transition } from '../../engine/supervisor/supervisor.ts';
import { simulatorEntry } from './comfyui-process.ts';
import { killIfThere, waitFor } from './real-processes.ts';

export interface SupervisedOptions {
  readonly installation?: Partial<Settings['installation']>;
  readonly supervision?: Partial<Settings['supervision']>;
  /** Arguments of the simulator, when no command line is given. */
  readonly simulator?: readonly string[];
  readonly currentNode?: () => string | null;
  /** Puts faults into how the supervisor sees and touches processes. */
  readonly alter?: (real: Processes) => Partial<Processes>;
  /** Time runs this much faster for the supervisor and its limits, not for ComfyUI. */
  readonly timesFaster?: number;
  /** The folder of an earlier supervisor, to take over what it left. */
  readonly dataFolder?: string;
}

export interface Supervised {
  readonly supervisor: Supervisor;
  readonly processes: Processes;
  readonly dataFolder: string;
  /** Where the simulator keeps its files. */
  readonly baseFolder: string;
  readonly transitions: readonly Transition[];
  settings: Settings;
  /** Resolves with the state once it is of this kind. */
  reach<Kind extends SupervisorStateKind>(kind: Kind): Promise<Extract<SupervisorState, { kind: Kind }>>;
  /** Resolves once this many states of the kind were entered since the beginning. */
  entered(kind: SupervisorStateKind, times: number): Promise<void>;
  post(path: string): Promise<Response>;
  /** Pids of all that was started and lives. */
  survivors(): Promise<number[]>;
}

/** The variable that marks what a test starts: for a process that the test itself starts. */
export const markOfTest = (): Record<string, string> => ({ [MARK]: mark });

const MARK = 'STOKER_TEST_MARK';
const mark = randomUUID();
const table = createProcessTable();
const opened = new Set<Supervised>();
const folders = new Set<string>();

/** Closes every supervisor and ends what is left; call it in `afterEach`. */
export async function endSupervised(): Promise<void> {
  const all = [...opened];
  opened.clear();
  await Promise.allSettled(all.map(({ supervisor }) => supervisor.close()));
  await waitFor('the processes of the test to end', async () => {
    const pids = await table.pidsWithEnvironment(MARK, mark);
    for (const pid of pids) killIfThere(pid);
    return pids.size === 0;
  });
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  folders.clear();
}

export function temporaryFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `stoker-${name}-`));
  folders.add(folder);
  return folder;
}

/** The settings under which `supervise` runs: also for a supervisor in another process. */
export function supervisedSettings(options: SupervisedOptions, baseFolder: string): Settings {
  const base = ['--base-directory', baseFolder, ...(options.simulator ?? [])];
  const command = [process.execPath, simulatorEntry(), ...base].map((word) => `"${word}"`).join(' ');
  return SettingsSchema.parse({
    installation: {
      commandLine: 'folder' in (options.installation ?? {}) ? null : command,
      workingFolder: baseFolder,
      environment: { [MARK]: mark },
      ...options.installation,
    },
    supervision: { stopGraceSeconds: 5, startTimeoutSeconds: 30, ...options.supervision },
  });
}

/** A supervisor in a process of its own, which a test may kill; resolves when it has told a state that `wanted` accepts. */
export async function superviseElsewhere(
  options: SupervisedOptions & { readonly dataFolder: string },
  wanted: (state: SupervisorState) => boolean,
): Promise<{ readonly host: ChildProcess; readonly state: SupervisorState }> {
  const baseFolder = join(options.dataFolder, 'comfyui');
  mkdirSync(baseFolder, { recursive: true });
  const settings = supervisedSettings(options, baseFolder);
  const argument = JSON.stringify({ dataFolder: options.dataFolder, settings });
  const host = spawn(process.execPath, [join(import.meta.dirname, 'supervisor-host.mjs'), argument], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, [MARK]: mark },
  });
  for await (const line of createInterface({ input: host.stdout })) {
    const state = JSON.parse(line) as SupervisorState;
    if (wanted(state)) return { host, state };
  }
  throw new Error('the supervisor ended before it came so far');
}

export function supervise(options: SupervisedOptions = {}): Supervised {
  const dataFolder = options.dataFolder ?? temporaryFolder('data');
  const baseFolder = join(dataFolder, 'comfyui');
  mkdirSync(baseFolder, { recursive: true });
  const log = silentLog();
  const timesFaster = options.timesFaster ?? 1;
  const real = faster(createProcesses({ dataFolder, log, platform: process.platform }), timesFaster);
  const processes = { ...real, ...options.alter?.(real) };
  const transitions: Transition[] = [];
  const supervised: Supervised = {
    settings: supervisedSettings(options, baseFolder),
    processes,
    dataFolder,
    baseFolder,
    transitions,
    supervisor: createSupervisor({
      settings: () => supervised.settings,
      dataFolder,
      clock: fasterClock(timesFaster),
      log,
      processes,
      environment: process.env,
      platform: process.platform,
      currentNode: options.currentNode ?? (() => null),
      random: () => 0,
    }),
    async reach(kind) {
      const reached = await waitFor(`state ${kind}, now ${JSON.stringify(supervised.supervisor.state())}`, () => {
        const state = supervised.supervisor.state();
        return state.kind === kind ? state : null;
      });
      return reached as Extract<SupervisorState, { kind: typeof kind }>;
    },
    async entered(kind, times) {
      await waitFor(`${times} × ${kind}`, () => entries(transitions, kind) >= times);
    },
    async post(path) {
      const address = supervised.supervisor.address();
      if (address === null) throw new Error('ComfyUI does not run');
      return fetch(`http://${address.host}:${address.port}${path}`, { method: 'POST' });
    },
    survivors: async () => [...(await table.pidsWithEnvironment(MARK, mark))],
  };
  supervised.supervisor.onTransition((transition) => transitions.push(transition));
  opened.add(supervised);
  return supervised;
}

function fasterClock(times: number): Clock {
  const [startedAt, startedMonotonic] = [systemClock.now(), systemClock.monotonic()];
  return {
    now: () => startedAt + (systemClock.now() - startedAt) * times,
    monotonic: () => startedMonotonic + (systemClock.monotonic() - startedMonotonic) * times,
    after: (delayMs, callback) => systemClock.after(delayMs / times, callback),
  };
}

/** Processor time too: what is used in a real second is used in several of the supervisor's. */
function faster(real: Processes, times: number): Processes {
  return {
    ...real,
    probe: (target, limits) => real.probe(target, { ...limits, timeoutMs: limits.timeoutMs / times }),
    wait: (delayMs) => real.wait(delayMs / times),
    async readCpuSeconds(pids) {
      const seconds = await real.readCpuSeconds(pids);
      return seconds === null ? null : seconds * times;
    },
  };
}

function entries(transitions: readonly Transition[], kind: SupervisorStateKind): number {
  return transitions.filter(({ from, to }) => to.kind === kind && from.kind !== kind).length;
}
