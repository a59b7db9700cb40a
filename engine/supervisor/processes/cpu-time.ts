/** Processor time that processes have used: the sign by which a busy ComfyUI is told from a hung one. Asked only while nothing answers. */
import { readLinuxCpuSeconds } from './cpu-time-linux.ts';
import { createMacosCpuTime } from './cpu-time-macos.ts';
import { createWindowsCpuTime } from './cpu-time-windows.ts';
import { runCommand } from './run-command.ts';

/** Sum over those of `pids` that live, in seconds; null when the system does not tell. Never rejects. */
export type ReadCpuSeconds = (pids: readonly number[]) => Promise<number | null>;

export function createCpuTime(platform: NodeJS.Platform = process.platform): ReadCpuSeconds {
  switch (platform) {
    case 'linux':
    case 'android':
      return readLinuxCpuSeconds;
    case 'win32':
      return createWindowsCpuTime(runCommand);
    default:
      return createMacosCpuTime(runCommand);
  }
}
