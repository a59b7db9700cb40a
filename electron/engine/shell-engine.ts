/** The engine as this shell wants it: which data folder, demo or not, which port, with which secrets. Puts the files of this room together. */
import { join } from 'node:path';
import { app } from 'electron';
import type { EngineWords } from '../../strings/en/shell.ts';
import type { SecretKeeper } from '../keychain/secret-keeper.ts';
import { type FolderFacts, findDataFolder, namedDataFolder } from './data-folder.ts';
import { createEngineHost, type EngineHost } from './engine-host.ts';
import { startEngineProcess } from './engine-process.ts';
import { findEngineProgram } from './engine-program.ts';
import { createEngineSearch } from './engine-search.ts';
import { readHolder } from './running-engine.ts';
import { savedToken, TOKEN_SECRET } from './saved-token.ts';
import { createStartTokenOf } from './start-token.ts';
import { createStartedEngines } from './started-engines.ts';

/** Changes while the shell runs: the user tries the demo, or takes another port. */
export interface EngineWish {
  demo: boolean;
  port: number | null;
}

export interface ShellEngineDeps {
  readonly facts: FolderFacts;
  readonly dataDir: string | null;
  readonly wish: EngineWish;
  readonly shellFolder: string;
  readonly bundleFolder: string;
  readonly secrets: SecretKeeper;
  readonly words: () => EngineWords;
  readonly log: (line: string) => void;
}

export interface ShellEngine {
  readonly host: EngineHost;
  /** The access token, where one is known. */
  token(): string | null;
  /** Finds the engine or starts it. */
  start(): Promise<void>;
}

export function createShellEngine(deps: ShellEngineDeps): ShellEngine {
  const { facts, dataDir, wish, shellFolder, bundleFolder, secrets, words, log } = deps;
  const { environment, platform } = facts;
  const startTokenOf = createStartTokenOf(platform);
  const folder = (): string => findDataFolder(dataDir, facts, wish.demo);
  const tokenOf = (dataFolder: string): string | null =>
    secrets.known(TOKEN_SECRET) ?? (environment.STOKER_NETWORK_TOKEN?.trim() || savedToken(dataFolder));
  const program = findEngineProgram({
    platform,
    environment,
    packaged: app.isPackaged,
    resourcesFolder: process.resourcesPath,
    bundleFolder,
  });
  const host = createEngineHost({
    search: createEngineSearch({
      folder,
      startProcess: (dataFolder) =>
        startEngineProcess(program, { folder: dataFolder, ...wish, secrets: secrets.toHandIn() }),
      startTokenOf,
      startedEngines: createStartedEngines(join(shellFolder, 'engine.json')),
      token: tokenOf,
      words,
    }),
    onReached: async (client, startedNow) => {
      // The address stays the same when this one is started again: open pages keep it.
      if (wish.port === 0) wish.port = Number(new URL(client.url).port);
      // One it started has read them from its standard input.
      if (!startedNow) await secrets.handIn(client);
    },
    words,
    log,
  });

  /** A shell that switched to the demo and crashed left its engine in the demo's folder, with the port taken. */
  async function findLeftDemo(): Promise<void> {
    if (wish.demo || namedDataFolder(dataDir, facts) !== null) return;
    if ((await readHolder(folder(), startTokenOf)) !== null) return;
    wish.demo = (await readHolder(findDataFolder(dataDir, facts, true), startTokenOf)) !== null;
  }

  return {
    host,
    token: () => tokenOf(folder()),
    async start() {
      await findLeftDemo();
      host.start();
    },
  };
}
