/**
 * Starts the engine as a process of its own that outlives the shell, and tells how it ended early. Its output goes straight
 * into a file: a pipe to the shell would break with the shell. Secrets go in over standard input, never by argument or environment.
 */
import { spawn } from 'node:child_process';
import { closeSync, fstatSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { openBounded, readTail } from '../bounded-file.ts';
import { engineEnvironment } from './engine-environment.ts';
import type { EngineProgram } from './engine-program.ts';

export interface EngineStart {
  readonly folder: string;
  readonly demo: boolean;
  /** null: as the engine's settings say. */
  readonly port: number | null;
  /** Values by name, from the key store. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** How the process ended, or that it could not be started. */
export interface EngineEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
  /** The engine's own error, or the system's when it could not be started. */
  readonly error: { readonly code: string; readonly message: string; readonly next: string | null } | null;
  /** The last lines it printed, for a person; without the error. */
  readonly lastLines: readonly string[];
}

export interface StartedEngine {
  /** null when it could not be started: `ended` says why. */
  readonly pid: number | null;
  /** Undefined while it runs. */
  end(): EngineEnd | undefined;
  readonly ended: Promise<EngineEnd>;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

export const OUTPUT_FILE = join('logs', 'engine-output.log');
const LAST_LINES = 12;

export function startEngineProcess({ node, folder: program }: EngineProgram, start: EngineStart): StartedEngine {
  const file = join(start.folder, OUTPUT_FILE);
  const output = openBounded(file);
  const beganAt = fstatSync(output).size;
  const child = spawn(node, engineArguments(program, start), {
    // The shell's own folder may be a mounted AppImage, which could not be let go while a process stands in it.
    cwd: start.folder,
    env: engineEnvironment(process.env),
    detached: true,
    windowsHide: true,
    stdio: ['pipe', output, output],
  });
  closeSync(output);
  child.unref();
  // It may end before it has read: its exit tells more than EPIPE.
  child.stdin?.on('error', () => undefined);
  child.stdin?.end(`${JSON.stringify({ secrets: start.secrets })}\n`);

  let known: EngineEnd | undefined;
  const ended = new Promise<EngineEnd>((resolve) => {
    child.once('error', (error) => {
      known = { exitCode: null, signal: null, error: couldNotStart(node, error), lastLines: [] };
      resolve(known);
    });
    child.once('exit', (exitCode, signal) => {
      known = { exitCode, signal, ...readEnd(readTail(file, beganAt)) };
      resolve(known);
    });
  });
  return { pid: child.pid ?? null, end: () => known, ended, kill: (signal) => void child.kill(signal) };
}

export function engineArguments(program: string, { folder, demo, port }: EngineStart): string[] {
  return [
    join(program, 'cli', 'main.js'),
    'serve',
    '--data-dir',
    folder,
    '--secrets-from-stdin',
    '--attended',
    ...(demo ? ['--demo'] : []),
    ...(port === null ? [] : ['--port', String(port)]),
  ];
}

const ErrorSchema = z.object({
  source: z.literal('stoker'),
  error: z.object({
    code: z.string(),
    message: z.string(),
    details: z.object({ next: z.string() }).partial().default({}),
  }),
});

/** Takes apart what an engine printed before it ended: an attended one prints its error as JSON. */
export function readEnd(output: string): Pick<EngineEnd, 'error' | 'lastLines'> {
  const json = /^\{\n.*^\}$/ms.exec(output)?.[0];
  const said = json === undefined ? undefined : ErrorSchema.safeParse(parseJson(json)).data?.error;
  const rest = said === undefined || json === undefined ? output : output.replace(json, '');
  const lines = rest.split('\n').filter(isTelling);
  return {
    error: said === undefined ? null : { code: said.code, message: said.message, next: said.details.next ?? null },
    lastLines: lines.slice(-LAST_LINES),
  };
}

/** The frames of Node's stack, its marks and braces tell a person nothing; the whole of it stays in the engine's output file. */
const isTelling = (line: string): boolean =>
  /[\p{L}\d]/u.test(line) && !/^\s+at |^node:internal|^\s*throw |^\s*(code|requireStack): |^Node\.js v/.test(line);

function couldNotStart(node: string, error: NodeJS.ErrnoException): NonNullable<EngineEnd['error']> {
  return { code: 'node_missing', message: `${node}: ${error.message}`, next: null };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
