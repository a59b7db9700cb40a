/** Other processes this one starts on demand: a stubborn grandchild, and its own successor. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Nobody may have to clean up after a forgotten test. */
const grandchildLifeMs = 10 * 60_000;
const stubborn = `
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {});
setTimeout(() => process.exit(0), ${grandchildLifeMs});
process.stdout.write('deaf');
`;

/**
 * Starts a child that ignores SIGTERM, SIGINT and SIGHUP and outlives this process (for ten minutes at most). It stays in
 * the process group. Resolves with its pid once it ignores them.
 */
export async function startGrandchild(): Promise<number> {
  const child = spawn(process.execPath, ['-e', stubborn], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  child.stdout.destroy();
  child.unref();
  return child.pid ?? 0;
}

/**
 * Starts this program again with the same command line, standard streams and process group, as os.execv leaves them.
 * Node cannot replace a process, so the pid changes, which is what os.execv does on Windows.
 */
export function startSuccessor(): void {
  const successor = spawn(process.execPath, [...process.execArgv, ...process.argv.slice(1)], { stdio: 'inherit' });
  successor.unref();
}
