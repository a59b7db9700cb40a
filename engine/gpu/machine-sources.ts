/** Finds out what can tell of this machine's GPUs: by looking at files, without starting anything. */
import type { Clock } from '../platform/clock.ts';
import { createAmdSource, findAmdCards } from './amd.ts';
import { createAmdToolSource } from './amd-tools.ts';
import { createComfyPids } from './comfy-pids.ts';
import { type CommandPlaces, findCommand, isRunnableFile } from './find-command.ts';
import { createNvidiaSource } from './nvidia.ts';
import { nvidiaSmiFoldersOnWindows } from './nvidia-windows.ts';
import type { GpuSource } from './source.ts';
import { createSystemStatsSource } from './system-stats.ts';

export interface FoundSources {
  /** The one that tells most first. */
  readonly sources: readonly GpuSource[];
  /** Said when none of them has anything to tell; null when nothing was to be expected here. */
  readonly missing: string | null;
}

export interface MachineSources {
  findSources(): Promise<FoundSources>;
  /** Asked when no source of the machine tells: ComfyUI itself. */
  readonly fallback: GpuSource;
}

export interface MachineSourcesDeps {
  readonly clock: Clock;
  /** Pids of the ComfyUI process tree now; empty while it does not run. */
  comfyPids(): Promise<ReadonlySet<number>>;
  /** The body of ComfyUI's `GET /system_stats`; null while it does not run. Ends by itself within seconds. */
  readSystemStats(): Promise<unknown>;
  /** With the simulator the machine's own cards are not what ComfyUI runs on. */
  readonly onlySystemStats: boolean;
  readonly places?: Places;
}

/** Where things are looked for; tests stand in for a machine here. */
export interface Places extends CommandPlaces {
  /** Below which Linux' own files lie: `/`. */
  readonly root: string;
}

/** Windows' NVIDIA driver brings its tool into WSL here, outside of PATH for services. */
const UNIX_FOLDERS = ['/usr/bin', '/usr/local/bin', '/opt/rocm/bin', '/usr/lib/wsl/lib', '/run/opengl-driver/bin'];

const THIS_MACHINE: Places = {
  platform: process.platform,
  environment: process.env,
  isRunnable: isRunnableFile,
  root: '/',
};

export function machineGpuSources({
  clock,
  comfyPids: read,
  readSystemStats,
  onlySystemStats,
  places = THIS_MACHINE,
}: MachineSourcesDeps): MachineSources {
  const { platform, environment, root } = places;
  const comfyPids = createComfyPids({ clock, read });
  /** Kept, because a source outlives the watches over it (see nvidia.ts). */
  const nvidiaByCommand = new Map<string, GpuSource>();

  function nvidia(command: string): GpuSource {
    const source = nvidiaByCommand.get(command) ?? createNvidiaSource({ command, clock, comfyPids });
    nvidiaByCommand.set(command, source);
    return source;
  }

  async function findOnWindows(): Promise<FoundSources> {
    const command = await findCommand('nvidia-smi', nvidiaSmiFoldersOnWindows(environment), places);
    return { sources: command ? [nvidia(command)] : [], missing: 'No NVIDIA driver was found on this computer.' };
  }

  async function findOnLinux(): Promise<FoundSources> {
    const sources: GpuSource[] = [];
    const nvidiaSmi = await findCommand('nvidia-smi', UNIX_FOLDERS, places);
    if (nvidiaSmi) sources.push(nvidia(nvidiaSmi));
    const cards = await findAmdCards(root);
    if (cards.length > 0) sources.push(createAmdSource({ clock, comfyPids, root }, cards));
    else {
      for (const tool of ['amd-smi', 'rocm-smi'] as const) {
        const command = await findCommand(tool, UNIX_FOLDERS, places);
        if (command) sources.push(createAmdToolSource({ tool, command, clock }));
      }
    }
    return { sources, missing: 'No NVIDIA or AMD GPU was found on this computer.' };
  }

  return {
    async findSources() {
      if (onlySystemStats || platform === 'darwin') return { sources: [], missing: null };
      return platform === 'win32' ? findOnWindows() : findOnLinux();
    },
    fallback: createSystemStatsSource({ clock, read: readSystemStats }),
  };
}
