/** Where Stoker keeps its data, and the name of everything in that folder. Touches no file: data-folder.ts makes the folder. */
import { join, resolve } from 'node:path';
import envPaths from 'env-paths';

const DATA_FOLDER_VARIABLE = 'STOKER_DATA_DIR';

export interface DataPaths {
  readonly folder: string;
  /** Settings that differ from the defaults. */
  readonly settingsFile: string;
  /** Secrets by name, readable by this user alone. */
  readonly secretsFile: string;
  /** Settings in dotenv form, written by the user alone. */
  readonly configEnvFile: string;
  /** Who runs on this folder and at which address (contract/engine-lock.ts). */
  readonly lockFile: string;
  /** Hashes of the tokens of the API port. */
  readonly tokensFile: string;
  readonly databaseFile: string;
  readonly logsFolder: string;
  /** What must outlive the engine about ComfyUI: its process record, its last history, how long starts take. */
  readonly comfyFolder: string;
  /** The durable queue and its results. */
  readonly jobsFolder: string;
}

/**
 * `--data-dir`, else STOKER_DATA_DIR, else the platform's place:
 * `$XDG_DATA_HOME/stoker` (`~/.local/share/stoker`), `~/Library/Application Support/stoker`, `%LOCALAPPDATA%\stoker\Data`.
 * @param demo in the platform's place the demo has a folder of its own, so that trying it never touches a real set-up
 */
export function findDataFolder(dataDir: string | null, environment: NodeJS.ProcessEnv, demo = false): string {
  const named = dataDir ?? environment[DATA_FOLDER_VARIABLE];
  if (named) return resolve(named);
  return `${envPaths('stoker', { suffix: '' }).data}${demo ? '-demo' : ''}`;
}

export function dataPaths(folder: string): DataPaths {
  return {
    folder,
    settingsFile: join(folder, 'settings.json'),
    secretsFile: join(folder, 'secrets.json'),
    configEnvFile: join(folder, 'config.env'),
    lockFile: join(folder, 'engine.lock'),
    tokensFile: join(folder, 'api-tokens.json'),
    databaseFile: join(folder, 'stoker.db'),
    logsFolder: join(folder, 'logs'),
    comfyFolder: join(folder, 'comfyui'),
    jobsFolder: join(folder, 'jobs'),
  };
}
