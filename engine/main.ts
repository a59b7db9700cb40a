/** Entry of `stoker serve`: options in, a listening engine out, signals and wishes to end heard. Prints nothing: the command line does. */
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
  /** A shell started it: it ends by itself when nobody has used it for a while. */
  readonly attended: boolean;
  /** Values by name, from the shell's key store; kept in memory alone. */
  readonly secrets: Readonly<Record<string, string>>;
  /** The build's folder: `renderer/` and `simulator/` lie in it. */
  readonly programFolder: string;
}

export interface Serving {
  /** Base address without a path. */
  readonly url: string;
  /** What was wrong with the settings file or the environment, in words; it was left out. */
  readonly problems: readonly string[];
  /** Resolves with the exit code when a signal, `POST /manager/quit` or the want of anybody who uses it has ended everything. */
  readonly closed: Promise<number>;
}

/** SIGHUP is what a closing terminal sends. */
const END_SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;

/** @throws AppError public_port_taken, data_folder_locked, data_folder_unusable, token_needed_for_address, invalid_settings */
export async function serve(options: ServeOptions): Promise<Serving> {
  // Before anything is started: a signal that comes meanwhile is kept, and ends what was started then.
  let askToEnd = (): void => undefined;
  const asked = new Promise<void>((resolve) => {
    askToEnd = resolve;
    for (const signal of END_SIGNALS) process.on(signal, () => resolve());
  });
  const engine = await createEngine({
    demo: options.demo,
    port: options.port,
    host: options.host,
    dataFolder: findDataFolder(options.dataDir, options.environment, options.demo),
    environment: options.environment,
    workingFolder: process.cwd(),
    programFolder: options.programFolder,
    attended: options.attended,
    secrets: options.secrets,
    askToEnd,
  });
  const closed = asked.then(async () => {
    await engine.close();
    return 0;
  });
  return { url: engine.url, problems: engine.problems, closed };
}
