/**
 * What every room stands on: the data folder, held by this engine alone, with the log, the settings and the database in it.
 * Knows no room but the process table, which proves who holds the folder.
 */
import { mkdirSync } from 'node:fs';
import type { Happenings } from '../api/happenings.ts';
import { demoSettings } from '../demo.ts';
import { GPU_HISTORY_MIGRATIONS } from '../gpu/history-schema.ts';
import { type Clock, systemClock } from '../platform/clock.ts';
import { findConfigEnv, readConfigEnv } from '../platform/config-env.ts';
import { prepareDataFolder } from '../platform/data-folder.ts';
import { acquireDataLock, type DataLock } from '../platform/data-lock.ts';
import { type Database, openDatabase } from '../platform/database.ts';
import { createLog, type Log } from '../platform/log.ts';
import { createLogDestination } from '../platform/log-destination.ts';
import { type DataPaths, dataPaths } from '../platform/paths.ts';
import { createSecretStore, type SecretStore } from '../platform/secrets.ts';
import { createSettingsStore, type SettingsOverride, type SettingsStore } from '../platform/settings.ts';
import { createProcessTable } from '../supervisor/processes/process-table.ts';
import { createProcesses, type Processes } from '../supervisor/processes.ts';

export interface EngineOptions {
  readonly demo: boolean;
  /** null: as the settings say; 0: a free one. */
  readonly port: number | null;
  readonly host: string | null;
  readonly dataFolder: string;
  readonly environment: NodeJS.ProcessEnv;
  /** A `config.env` is looked for here too. */
  readonly workingFolder: string;
  /** The build's folder: `renderer/` and `simulator/` lie in it. */
  readonly programFolder: string;
  /** A shell started it: it ends by itself when nobody has used it for a while. */
  readonly attended: boolean;
  /** Values by name, from the shell's key store; kept in memory alone. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Ends the engine the way a signal does; twice is fine. */
  readonly askToEnd: () => void;
}

/** What is to be closed, in the order of building. */
export type Closings = (() => unknown)[];

export interface Ground {
  readonly options: EngineOptions;
  readonly clock: Clock;
  /** What is wired later is let go of first. */
  readonly closings: Closings;
  readonly happenings: Happenings;
  readonly paths: DataPaths;
  readonly lock: DataLock;
  readonly log: Log;
  readonly processes: Processes;
  readonly secrets: SecretStore;
  readonly settings: SettingsStore;
  readonly database: Database;
  /** Tells the user of trouble that Stoker goes on with. */
  readonly tellProblem: (message: string) => void;
}

/** In the order of building turned round: what was made last is let go first. Also what fails does not keep the others. */
export async function closeInTurn(closings: Closings): Promise<void> {
  let failure: unknown;
  for (let closing = closings.pop(); closing !== undefined; closing = closings.pop()) {
    try {
      await closing();
    } catch (error) {
      failure ??= error;
    }
  }
  if (failure !== undefined) throw failure;
}

/** @throws AppError data_folder_locked, data_folder_unusable or invalid_settings; what was opened is in `closings` then too */
export async function openGround(options: EngineOptions, closings: Closings, happenings: Happenings): Promise<Ground> {
  const clock = systemClock;
  const tellProblem = (message: string): void => happenings.add('engine', 'warning', message);
  const paths = dataPaths(options.dataFolder);
  prepareDataFolder(paths.folder);
  const table = createProcessTable();
  // Before the log is opened: who is refused must not touch what the holder writes.
  const lock = await acquireDataLock({
    file: paths.lockFile,
    startTokenOf: async (pid) => (await table.find(pid))?.startToken ?? null,
  });
  closings.push(() => lock.release());

  const destination = await createLogDestination({ folder: paths.logsFolder, onProblem: tellProblem });
  closings.push(() => destination.close());
  const log = createLog(destination);

  const configEnvFile = findConfigEnv(paths.folder, options.workingFolder);
  const secrets = createSecretStore({
    file: paths.secretsFile,
    environments: [options.environment, readConfigEnv(configEnvFile).values],
    memory: options.secrets,
    log,
  });
  const settings = createSettingsStore({
    file: paths.settingsFile,
    configEnvFile,
    environment: options.environment,
    overrides: settingsOverrides(options),
    secrets,
    log,
  });
  const database = openDatabase({
    file: paths.databaseFile,
    migrations: GPU_HISTORY_MIGRATIONS,
    now: clock.now,
    log,
    onProblem: tellProblem,
    whenUnusable: 'memory',
  });
  closings.push(() => database.close());

  mkdirSync(paths.comfyFolder, { recursive: true });
  const processes = createProcesses({ dataFolder: paths.comfyFolder, log, platform: process.platform });
  return {
    options,
    clock,
    closings,
    happenings,
    paths,
    lock,
    log,
    processes,
    secrets,
    settings,
    database,
    tellProblem,
  };
}

function settingsOverrides({ demo, host, port, programFolder, dataFolder }: EngineOptions): SettingsOverride[] {
  const network: Record<string, unknown> = {
    ...(host === null ? {} : { host }),
    ...(port === null ? {} : { port }),
  };
  const overrides: SettingsOverride[] = [{ origin: 'commandLine', values: { network } }];
  if (demo) overrides.push({ origin: 'demo', values: demoSettings(programFolder, dataFolder) });
  return overrides;
}
