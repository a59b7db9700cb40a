/** Starts the programs of the bench and makes sure that none of them outlives it. */
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { connect } from 'node:net';

export interface BenchProcess {
  readonly pid: number;
  readonly child: ChildProcess;
  stop(): Promise<void>;
}

export interface ListeningProcess extends BenchProcess {
  readonly port: number;
}

const running = new Set<BenchProcess>();

export async function stopAll(): Promise<void> {
  await Promise.all([...running].map((started) => started.stop()));
}

process.on('exit', () => {
  for (const { child } of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => void stopAll().then(() => process.exit(130)));

/** A program of the bench's own build, which tells its port over IPC. */
export async function forkListening(program: string, args: readonly string[] = []): Promise<ListeningProcess> {
  const child = fork(program, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const port = await new Promise<number>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { port: number }).port));
    child.once('exit', (code) => reject(new Error(`${program} ended with ${code}`)));
  });
  return { ...track(child), port };
}

/** Any command; resolves when `port` takes connections. */
export async function spawnListening(
  command: string,
  args: readonly string[],
  port: number,
  cwd?: string,
): Promise<ListeningProcess> {
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr?.on('data', (chunk) => {
    complaints = `${complaints}${chunk}`.slice(-2000);
  });
  const failed = new Promise<never>((_resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`${command} ended with ${code}: ${complaints}`)));
  });
  await Promise.race([failed, untilListening(port)]);
  return { ...track(child), port };
}

/** Resident memory in bytes; null where the system does not tell. */
export function residentBytes(pid: number): number | null {
  try {
    const kilobytes = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? null : Number(kilobytes) * 1024;
  } catch {
    return null;
  }
}

function track(child: ChildProcess): BenchProcess {
  const { pid } = child;
  if (pid === undefined) throw new Error('a program of the bench has no pid');
  const started: BenchProcess = {
    pid,
    child,
    async stop() {
      running.delete(started);
      if (child.exitCode !== null || child.signalCode !== null) return;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    },
  };
  running.add(started);
  return started;
}

async function untilListening(port: number): Promise<void> {
  while (!(await accepts(port))) await new Promise((resolve) => setTimeout(resolve, 50));
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
