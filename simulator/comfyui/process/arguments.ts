/**
 * The command line: ComfyUI's own flags as far as the simulator acts on them, and `--sim-…` flags of its own.
 * Pure: it reads no file and ends no process.
 */

export interface SimulatorArguments {
  /** Addresses to bind, in order; ComfyUI takes several, separated by commas. */
  listen: string[];
  port: number;
  cpu: boolean;
  baseDirectory?: string;
  inputDirectory?: string;
  outputDirectory?: string;
  tempDirectory?: string;
  userDirectory?: string;
  /** A frontend to serve in place of the simulator's own page. */
  frontEndRoot?: string;
  extraModelPathsConfigs: string[];
  disableAllCustomNodes: boolean;
  disableMetadata: boolean;
  logStdout: boolean;
  dontPrintServer: boolean;
  quickTestForCi: boolean;
  maxUploadBytes: number;
  simulation: SimulationArguments;
}

export interface SimulationArguments {
  startMs: number;
  neverReady: boolean;
  exitAtStart?: number;
  ignoreSignals: NodeJS.Signals[];
  forkGrandchild: boolean;
  crashAfterMs?: number;
  hangAfterMs?: number;
  printMegabytes: number;
  restartByExec: boolean;
  brokenNodes: string[];
  exitNode?: number;
  loadMs: number;
  vramTotalBytes: number;
  extraNodes: string[];
}

export type ParsedArguments =
  | { outcome: 'run'; arguments: SimulatorArguments }
  | { outcome: 'help'; text: string }
  | { outcome: 'refused'; text: string };

/** `optional` takes the next word unless that is a flag itself, as argparse's nargs="?" does. */
type Arity = 'none' | 'one' | 'optional' | 'many';

const flags: Record<string, { arity: Arity; value?: string }> = {
  '--listen': { arity: 'optional', value: 'IP' },
  '--port': { arity: 'one', value: 'PORT' },
  '--max-upload-size': { arity: 'one', value: 'MAX_UPLOAD_SIZE' },
  '--base-directory': { arity: 'one', value: 'BASE_DIRECTORY' },
  '--extra-model-paths-config': { arity: 'many', value: 'PATH' },
  '--output-directory': { arity: 'one', value: 'OUTPUT_DIRECTORY' },
  '--temp-directory': { arity: 'one', value: 'TEMP_DIRECTORY' },
  '--input-directory': { arity: 'one', value: 'INPUT_DIRECTORY' },
  '--user-directory': { arity: 'one', value: 'USER_DIRECTORY' },
  '--front-end-root': { arity: 'one', value: 'FRONT_END_ROOT' },
  '--cpu': { arity: 'none' },
  '--dont-print-server': { arity: 'none' },
  '--quick-test-for-ci': { arity: 'none' },
  '--disable-metadata': { arity: 'none' },
  '--disable-all-custom-nodes': { arity: 'none' },
  '--log-stdout': { arity: 'none' },
  '--sim-start-seconds': { arity: 'one', value: 'SECONDS' },
  '--sim-never-ready': { arity: 'none' },
  '--sim-exit-at-start': { arity: 'one', value: 'CODE' },
  '--sim-ignore-signals': { arity: 'one', value: 'SIGNALS' },
  '--sim-fork-grandchild': { arity: 'none' },
  '--sim-crash-after-seconds': { arity: 'one', value: 'SECONDS' },
  '--sim-hang-after-seconds': { arity: 'one', value: 'SECONDS' },
  '--sim-print-megabytes': { arity: 'one', value: 'MEGABYTES' },
  '--sim-restart-by-exec': { arity: 'none' },
  '--sim-broken-node': { arity: 'one', value: 'NAMES' },
  '--sim-exit-node': { arity: 'one', value: 'CODE' },
  '--sim-load-seconds': { arity: 'one', value: 'SECONDS' },
  '--sim-vram-total-gb': { arity: 'one', value: 'GB' },
  '--sim-nodes': { arity: 'one', value: 'NAMES' },
};

const gibibyte = 1024 ** 3;
const signalNames: readonly string[] = ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'];

/** Reads the words after the program's name. What is refused carries the text argparse would print; the exit code for it is 2. */
export function parseArguments(words: readonly string[]): ParsedArguments {
  const given = new Map<string, string[]>();
  const unrecognized: string[] = [];
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? '';
    if (word === '-h' || word === '--help') return { outcome: 'help', text: usage() };
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const flag = flags[name];
    if (!flag) {
      unrecognized.push(word);
      continue;
    }
    const values: string[] = equals < 0 ? [] : [word.slice(equals + 1)];
    if (equals < 0 && flag.arity !== 'none') {
      const most = flag.arity === 'many' ? Number.POSITIVE_INFINITY : 1;
      while (values.length < most && index + 1 < words.length && !(words[index + 1] ?? '').startsWith('--')) {
        index += 1;
        values.push(words[index] ?? '');
      }
    }
    if (flag.arity === 'none' && values.length > 0)
      return refuse(`argument ${name}: ignored explicit argument '${values[0]}'`);
    if ((flag.arity === 'one' || flag.arity === 'many') && values.length === 0) {
      return refuse(`argument ${name}: expected ${flag.arity === 'one' ? 'one argument' : 'at least one argument'}`);
    }
    given.set(name, flag.arity === 'many' ? [...(given.get(name) ?? []), ...values] : values);
  }
  try {
    const parsed = assemble(given);
    if (unrecognized.length > 0) return refuse(`unrecognized arguments: ${unrecognized.join(' ')}`);
    return { outcome: 'run', arguments: parsed };
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
}

function assemble(given: ReadonlyMap<string, string[]>): SimulatorArguments {
  const text = (name: string): string | undefined => given.get(name)?.[0];
  const names = (name: string): string[] => (text(name) ?? '').split(',').filter((part) => part !== '');
  const number = (name: string, kind: 'int' | 'float'): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const pattern = kind === 'int' ? /^[+-]?\d+$/ : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
    if (!pattern.test(value.trim())) throw new Error(`argument ${name}: invalid ${kind} value: '${value}'`);
    return Number(value);
  };
  const milliseconds = (name: string): number | undefined => {
    const seconds = number(name, 'float');
    return seconds === undefined ? undefined : Math.max(0, seconds) * 1000;
  };
  const ignoreSignals = names('--sim-ignore-signals');
  const unknownSignal = ignoreSignals.find((signal) => !signalNames.includes(signal));
  if (unknownSignal) throw new Error(`argument --sim-ignore-signals: invalid choice: '${unknownSignal}'`);

  const paths = {
    baseDirectory: text('--base-directory'),
    inputDirectory: text('--input-directory'),
    outputDirectory: text('--output-directory'),
    tempDirectory: text('--temp-directory'),
    userDirectory: text('--user-directory'),
    frontEndRoot: text('--front-end-root'),
  };
  const optional = {
    exitAtStart: number('--sim-exit-at-start', 'int'),
    crashAfterMs: milliseconds('--sim-crash-after-seconds'),
    hangAfterMs: milliseconds('--sim-hang-after-seconds'),
    exitNode: number('--sim-exit-node', 'int'),
  };
  return {
    ...defined(paths),
    listen: given.has('--listen') ? (text('--listen') ?? '0.0.0.0,::').split(',') : ['127.0.0.1'],
    port: number('--port', 'int') ?? 8188,
    cpu: given.has('--cpu'),
    extraModelPathsConfigs: given.get('--extra-model-paths-config') ?? [],
    disableAllCustomNodes: given.has('--disable-all-custom-nodes'),
    disableMetadata: given.has('--disable-metadata'),
    logStdout: given.has('--log-stdout'),
    dontPrintServer: given.has('--dont-print-server'),
    quickTestForCi: given.has('--quick-test-for-ci'),
    maxUploadBytes: Math.round((number('--max-upload-size', 'float') ?? 100) * 1024 * 1024),
    simulation: {
      ...defined(optional),
      startMs: milliseconds('--sim-start-seconds') ?? 200,
      neverReady: given.has('--sim-never-ready'),
      ignoreSignals: ignoreSignals as NodeJS.Signals[],
      forkGrandchild: given.has('--sim-fork-grandchild'),
      printMegabytes: number('--sim-print-megabytes', 'float') ?? 0,
      restartByExec: given.has('--sim-restart-by-exec'),
      brokenNodes: names('--sim-broken-node'),
      loadMs: milliseconds('--sim-load-seconds') ?? 0,
      vramTotalBytes: Math.round((number('--sim-vram-total-gb', 'float') ?? 24) * gibibyte),
      extraNodes: names('--sim-nodes'),
    },
  };
}

/** Leaves out what was not given, so that optional properties are absent and not `undefined`. */
function defined<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function refuse(message: string): ParsedArguments {
  return { outcome: 'refused', text: `${usage()}main.py: error: ${message}\n` };
}

function usage(): string {
  const words = Object.entries(flags).map(([name, { arity, value }]) => {
    if (arity === 'none') return `[${name}]`;
    if (arity === 'optional') return `[${name} [${value}]]`;
    return arity === 'many' ? `[${name} ${value} [${value} ...]]` : `[${name} ${value}]`;
  });
  const indent = ' '.repeat('usage: main.py '.length);
  const lines: string[] = [];
  let line = 'usage: main.py [-h]';
  for (const word of words) {
    if (line.length + 1 + word.length > 78) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line += ` ${word}`;
  }
  return `${[...lines, line].join('\n')}\n`;
}
