/** Turns the settings into the exact command that starts ComfyUI. Pure: looks at no file and starts nothing (see launch-checks.ts). */
import { isAbsolute, join, resolve } from 'node:path';
import type { Settings } from '../../../contract/settings.ts';
import { AppError } from '../../platform/app-error.ts';
import { assertNever } from '../../platform/assert-never.ts';
import { NONCE_VARIABLE } from '../processes/orphans.ts';
import { type CommandLine, type CommandLineProblem, readCommandLine } from './command-line.ts';

export type InstallationSettings = Settings['installation'];

/** What the settings ask for, before a port is chosen. */
export type LaunchTarget =
  | { readonly kind: 'folder'; readonly folder: string; readonly workingFolder: string }
  | { readonly kind: 'commandLine'; readonly line: CommandLine; readonly workingFolder: string };

export interface LaunchPlan {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

export interface LaunchChoices {
  readonly port: number;
  /** The Python that was found; unused by a free command line. */
  readonly python: string | null;
  readonly nonce: string;
  readonly withoutCustomNodes: boolean;
  /** What ComfyUI inherits, usually the engine's own environment. */
  readonly inherited: NodeJS.ProcessEnv;
}

/** @throws AppError not_configured, or invalid_settings when the start command can not be read */
export function readTarget(
  settings: InstallationSettings,
  currentFolder: string,
  platform: NodeJS.Platform,
): LaunchTarget {
  if (settings.commandLine !== null) {
    const reading = readCommandLine(settings.commandLine, platform);
    if (reading.kind === 'problem') throw commandLineError(reading.problem);
    return {
      kind: 'commandLine',
      line: reading.line,
      workingFolder: resolve(settings.workingFolder ?? settings.folder ?? currentFolder),
    };
  }
  if (settings.folder === null) {
    throw new AppError(
      'not_configured',
      'Stoker does not know which ComfyUI to start: neither a folder nor a start command is set.',
    );
  }
  const folder = resolve(settings.folder);
  return { kind: 'folder', folder, workingFolder: resolve(settings.workingFolder ?? folder) };
}

/** The port the settings or the command itself fix; null when any free one will do. */
export function fixedPort(settings: InstallationSettings, target: LaunchTarget): number | null {
  if (settings.port !== null) return settings.port;
  const words = target.kind === 'commandLine' ? [...target.line.words, ...settings.arguments] : settings.arguments;
  return literalPort(words);
}

/** @throws AppError python_missing when a folder is to be started and no Python was found */
export function planLaunch(settings: InstallationSettings, target: LaunchTarget, choices: LaunchChoices): LaunchPlan {
  const { line, command, leading } = programOf(target, choices.python);
  const fill = (word: string) => word.replaceAll('{host}', settings.host).replaceAll('{port}', String(choices.port));
  const address = addressArguments(settings, target, leading, choices.port);
  const args = [
    ...leading.map(fill),
    ...address.first,
    ...folderArguments(settings),
    ...settings.arguments.map(fill),
    ...address.last,
  ];
  if (choices.withoutCustomNodes && !args.includes('--disable-all-custom-nodes'))
    args.push('--disable-all-custom-nodes');
  return {
    command: fill(command),
    args,
    cwd: target.workingFolder,
    env: environmentFor(settings, line, choices),
  };
}

/** A name for a person: the folder, or the command as it was typed. */
export function launchLabel(settings: InstallationSettings): string | null {
  return settings.commandLine ?? settings.folder;
}

interface Program {
  readonly command: string;
  readonly leading: readonly string[];
  readonly line: CommandLine | null;
}

function programOf(target: LaunchTarget, python: string | null): Program {
  switch (target.kind) {
    case 'commandLine': {
      const [command = '', ...leading] = target.line.words;
      // A relative program is meant from the working folder, on every system; a bare name is looked up in PATH.
      const program = /[\\/]/.test(command) && !isAbsolute(command) ? join(target.workingFolder, command) : command;
      return { command: program, leading, line: target.line };
    }
    case 'folder': {
      if (python === null) throw new AppError('python_missing', `No Python was found for ${target.folder}.`);
      const main = join(target.folder, 'main.py');
      // The embedded Python of the portable build must not mix with packages of the user's own Python.
      const leading = /python_embed+ed/.test(python) ? ['-s', main] : [main];
      return { command: python, leading, line: null };
    }
    default:
      return assertNever(target);
  }
}

/** Where a word is given twice ComfyUI takes the last: `--listen` stays the user's to set, the port is ours. */
function addressArguments(
  settings: InstallationSettings,
  target: LaunchTarget,
  leading: readonly string[],
  port: number,
): { readonly first: readonly string[]; readonly last: readonly string[] } {
  const portArguments = ['--port', String(port)];
  if (target.kind === 'folder') return { first: ['--listen', settings.host], last: portArguments };
  const told = [...leading, ...settings.arguments];
  const knowsPort = separated(told).some((word) => word.includes('{port}') || /^--port(=|$)/.test(word));
  return { first: [], last: knowsPort || settings.port !== null ? [] : portArguments };
}

function folderArguments(settings: InstallationSettings): string[] {
  const given: [string, string | null][] = [
    ['--input-directory', settings.inputDirectory],
    ['--output-directory', settings.outputDirectory],
    ['--user-directory', settings.userDirectory],
    ['--extra-model-paths-config', settings.extraModelPathsConfig],
  ];
  return given.flatMap(([name, value]) => (value === null ? [] : [name, resolve(value)]));
}

function environmentFor(
  settings: InstallationSettings,
  line: CommandLine | null,
  choices: LaunchChoices,
): NodeJS.ProcessEnv {
  // Our own variables hold the access token; custom nodes are other people's code.
  const inherited = Object.entries(choices.inherited).filter(([name]) => !name.startsWith('STOKER_'));
  return {
    ...Object.fromEntries(inherited),
    PYTHONUNBUFFERED: '1',
    // Output goes to a file: without this Python on Windows would encode it for the console and fail on the first emoji.
    PYTHONIOENCODING: 'utf-8',
    ...settings.environment,
    ...line?.environment,
    [NONCE_VARIABLE]: choices.nonce,
  };
}

/** A line for a shell is one word that holds several. */
function separated(words: readonly string[]): string[] {
  return words.flatMap((word) => word.split(/\s+/));
}

/** The number after the last `--port`, if it is written out. */
function literalPort(words: readonly string[]): number | null {
  let found: number | null = null;
  const parts = separated(words);
  parts.forEach((word, index) => {
    const value = word === '--port' ? parts[index + 1] : /^--port=(.*)$/.exec(word)?.[1];
    if (value === undefined) return;
    const port = Number(value);
    found = Number.isInteger(port) && port > 0 && port <= 65_535 ? port : null;
  });
  return found;
}

function commandLineError(problem: CommandLineProblem): AppError {
  const details = { key: 'installation.commandLine' };
  switch (problem.kind) {
    case 'empty':
      return new AppError('invalid_settings', 'The start command names no program.', { details });
    case 'openQuote':
      return new AppError(
        'invalid_settings',
        `The start command has an opening ${problem.quote} without a closing one.`,
        { details },
      );
    case 'shellSyntax':
      return new AppError(
        'invalid_settings',
        `The start command uses "${problem.word}", which only a shell understands. Put the steps into a script and name that.`,
        { details },
      );
    default:
      return assertNever(problem);
  }
}
