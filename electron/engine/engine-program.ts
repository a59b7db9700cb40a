/** Which Node runs the engine and where the engine's program lies. Pure: whether they exist shows when they are started. */
import { posix, win32 } from 'node:path';

export interface ProgramFacts {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  readonly packaged: boolean;
  /** `process.resourcesPath`. */
  readonly resourcesFolder: string;
  /** Where the shell's bundle lies: `dist/electron`. */
  readonly bundleFolder: string;
}

export interface EngineProgram {
  readonly node: string;
  /** Holds `cli/main.js`, `renderer/`, `simulator/`. */
  readonly folder: string;
}

/** STOKER_ENGINE_NODE and STOKER_ENGINE_PROGRAM, else what the package carries, else (development) the build beside the shell. */
export function findEngineProgram(facts: ProgramFacts): EngineProgram {
  const { platform, environment, packaged, resourcesFolder, bundleFolder } = facts;
  const { join } = platform === 'win32' ? win32 : posix;
  const carried = join(resourcesFolder, 'engine');
  const carriedNode = platform === 'win32' ? join(carried, 'node', 'node.exe') : join(carried, 'node', 'bin', 'node');
  return {
    // Without a package and without the variable, which `npm start` sets, the Node on the PATH is as good a guess as any.
    node: environment.STOKER_ENGINE_NODE || (packaged ? carriedNode : 'node'),
    folder: environment.STOKER_ENGINE_PROGRAM || (packaged ? join(carried, 'dist') : join(bundleFolder, '..')),
  };
}
