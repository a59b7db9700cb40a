/** Entry of `stoker serve`: options in, a listening engine out, signals heard. Prints nothing: the command line does. */
import { createEngine } from './engine.ts';
import { findDataFolder } from './platform/paths.ts';

export interface ServeOptions {
  /** Use the built-in simulator instead of a ComfyUI. */
  readonly demo: boolean;
  /** null: as the settings say. */
  readonly port: number | null;
  readonly host: string | null;
  readonly dataDir: string | null;
  readonly environment: NodeJS.ProcessEnv;
  /** The build's folder: `renderer/` and `simulator/` lie in it. */
  readonly programFolder: string;
}

export interface Serving {
  /** Base address without a path. */
  readonly url: string;
  /** Resolves with the exit code when a signal has ended everything. */
  readonly closed: Promise<number>;
}

/** The demo keeps its data apart, so that trying it never touches a real set-up. */
const DEMO_SUFFIX = '-demo';

/** @throws AppError public_port_taken, data_folder_locked, data_folder_unusable, token_needed_for_address, invalid_settings */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { environment } = options;
  const named = options.dataDir !== null || environment.STOKER_DATA_DIR !== undefined;
  const dataFolder = findDataFolder(options.dataDir, environment) + (options.demo && !named ? DEMO_SUFFIX : '');
  const engine = await createEngine({
    demo: options.demo,
    port: options.port,
    host: options.host,
    dataFolder,
    environment,
    workingFolder: process.cwd(),
    programFolder: options.programFolder,
  });

  const closed = new Promise<number>((resolve, reject) => {
    let closing = false;
    function close(): void {
      if (closing) return;
      closing = true;
      engine.close().then(() => resolve(0), reject);
    }
    process.on('SIGTERM', close);
    process.on('SIGINT', close);
    process.on('SIGHUP', close);
  });
  return { url: engine.url, closed };
}
