/** Finds the engine: where it answers and which token it wants. Talks to nobody. */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type EngineLock, EngineLockSchema } from '../contract/engine-lock.ts';
import { SecretsFromShellSchema } from '../contract/secrets.ts';
import { dataPaths, findDataFolder } from '../engine/platform/paths.ts';
import { engineNotRunning } from './command-failure.ts';

export interface EngineAddress {
  /** Without a path or a slash at the end. */
  readonly url: string;
  readonly token: string | null;
}

export interface AddressOptions {
  readonly url?: string | undefined;
  readonly dataDir?: string | undefined;
}

const TOKEN_VARIABLE = 'STOKER_NETWORK_TOKEN';

/**
 * The address given, else the one in the lock file of the data folder; where no folder is named a running demo is found too.
 * @throws CommandFailure (exit 3) when no engine holds that folder, or it does not listen yet
 */
export function findEngine(options: AddressOptions, environment: NodeJS.ProcessEnv): EngineAddress {
  const tokenGiven = environment[TOKEN_VARIABLE]?.trim() || null;
  // The token of this computer's engine is not for whoever answers at an address that was typed.
  if (options.url !== undefined) return { url: baseUrl(options.url), token: tokenGiven };

  const folderOf = (demo: boolean) => findDataFolder(options.dataDir ?? null, environment, demo);
  const folder = runsOn(folderOf(false)) || !runsOn(folderOf(true)) ? folderOf(false) : folderOf(true);
  const lock = readLock(folder);
  if (lock === undefined) throw engineNotRunning(`No Stoker engine runs on the data folder ${folder}.`);
  if (!isAlive(lock.pid)) throw engineNotRunning(`The Stoker engine of ${folder} (process ${lock.pid}) is gone.`);
  if (lock.url === null) {
    throw engineNotRunning(
      `The Stoker engine of ${folder} (process ${lock.pid}) is starting and does not listen yet.`,
      'Try again in a moment.',
    );
  }
  return { url: baseUrl(lock.url), token: tokenGiven ?? savedToken(folder) };
}

function runsOn(folder: string): boolean {
  const lock = readLock(folder);
  return lock !== undefined && isAlive(lock.pid);
}

function readLock(folder: string): EngineLock | undefined {
  return EngineLockSchema.safeParse(readJson(dataPaths(folder).lockFile)).data;
}

/** The base of an address as people paste it: with the dashboard's path, or without a scheme. A wildcard address becomes loopback. */
export function baseUrl(text: string): string {
  const url = new URL(/^https?:\/\//i.test(text) ? text : `http://${text}`);
  if (url.hostname === '0.0.0.0') url.hostname = '127.0.0.1';
  if (url.hostname === '[::]') url.hostname = '[::1]';
  return `${url.origin}${url.pathname.replace(/\/(manager\/?)?$/, '')}`;
}

const TOKEN_SECRET = 'network.token';
/** Where versions before the secret store kept it. */
const SavedTokenSchema = z.object({ network: z.object({ token: z.string() }) });

function savedToken(folder: string): string | null {
  const secrets = SecretsFromShellSchema.safeParse(readJson(dataPaths(folder).secretsFile)).data?.secrets;
  return (
    secrets?.[TOKEN_SECRET] ??
    SavedTokenSchema.safeParse(readJson(dataPaths(folder).settingsFile)).data?.network.token ??
    null
  );
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, as another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
