/** Where NVIDIA's installers put nvidia-smi.exe on Windows. */
import { win32 } from 'node:path';

/**
 * Since 2018 (DCH drivers) in System32, before that in Program Files. A 32-bit parent sees System32 as SysWOW64: Sysnative is its way out.
 */
export function nvidiaSmiFoldersOnWindows(environment: NodeJS.ProcessEnv): string[] {
  const windows = environment.SystemRoot ?? 'C:\\Windows';
  const programFiles = environment.ProgramW6432 ?? environment.ProgramFiles ?? 'C:\\Program Files';
  return [
    win32.join(windows, 'System32'),
    win32.join(windows, 'Sysnative'),
    win32.join(programFiles, 'NVIDIA Corporation', 'NVSMI'),
  ];
}
