/** From a command line to a listening server: the order of a start, what can go wrong in it, and how it ends. */
import { mkdirSync, rmSync } from 'node:fs';
import { totalmem } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArguments, type SimulatorArguments } from './process/arguments.ts';
import { bootPhases, guiLine, portTakenLines } from './process/boot-log.ts';
import { startGrandchild, startSuccessor } from './process/companions.ts';
import { crash } from './process/crash.ts';
import { type Folders, placeFolders, prepareFolders } from './process/folders.ts';
import { createProcessLog, type ProcessLog } from './process/process-log.ts';

/** `entry` is the file a worker thread is started from. Resolves when the server listens. */
export async function runSimulator(words: readonly string[], entry: URL): Promise<void> {
  const parsed = parseArguments(words);
  if (parsed.outcome === 'help') {
    process.stdout.write(parsed.text);
    return;
  }
  if (parsed.outcome === 'refused') {
    process.stderr.write(parsed.text);
    process.exitCode = 2;
    return;
  }
  const options = parsed.arguments;
  const log = createProcessLog(options.logStdout);
  const folders = placeFolders(options);
  listenToSignals(options, folders, log);
  await boot(options, folders, log);
  await serve(options, folders, log, entry);
}

async function boot(options: SimulatorArguments, folders: Folders, log: ProcessLog): Promise<void> {
  const { simulation } = options;
  if (simulation.printMegabytes > 0) await printMuch(simulation.printMegabytes, log);
  if (simulation.forkGrandchild) log.print(`grandchild pid ${await startGrandchild()}`);
  const phases = bootPhases(options, {
    customNodesFolder: folders.customNodes,
    // As it was given, like ComfyUI.
    webRoot: options.frontEndRoot ?? `${folders.base}/web`,
    ramTotalBytes: totalmem(),
    folderLines: folders.lines,
  });
  let passed = 0;
  for (const phase of phases) {
    await sleep((phase.share - passed) * simulation.startMs);
    passed = phase.share;
    // A custom node that calls sys.exit leaves no word: the last line is the one before.
    if (phase.name === 'customNodes' && simulation.exitNode !== undefined && !options.disableAllCustomNodes) {
      process.exit(simulation.exitNode);
    }
    for (const line of phase.lines) log.print(line);
    if (phase.name === 'torch' && simulation.exitAtStart !== undefined) {
      log.print(
        'Traceback (most recent call last):\n  File "main.py", line 149, in <module>\n    import execution',
        'error',
      );
      log.print(`RuntimeError: told to exit at start with code ${simulation.exitAtStart}`, 'error');
      process.exit(simulation.exitAtStart);
    }
    if (phase.name === 'server') prepareFolders(folders);
  }
  if (options.quickTestForCi) process.exit(0);
  mkdirSync(folders.temp, { recursive: true });
  if (simulation.neverReady) await forever();
}

async function serve(options: SimulatorArguments, folders: Folders, log: ProcessLog, entry: URL): Promise<void> {
  const { simulation } = options;
  // Loaded now and not before: the first lines of the boot must not wait for what only a server needs.
  const { createComfyui } = await import('./comfyui.ts');
  const comfyui = createComfyui({
    options,
    folders,
    log,
    entry,
    crash,
    ...(simulation.restartByExec ? { restart: () => restart(folders, log) } : {}),
  });
  if (!options.dontPrintServer) log.print('Starting server\n');
  for (const address of options.listen) {
    try {
      await comfyui.listen(address, options.port);
    } catch {
      for (const line of portTakenLines(address, options.port)) log.print(line, 'error');
      process.exit(1);
    }
    if (!options.dontPrintServer) log.print(guiLine(address, options.port));
  }
  if (simulation.crashAfterMs !== undefined) setTimeout(() => crash('segv'), simulation.crashAfterMs);
  if (simulation.hangAfterMs !== undefined) setTimeout(() => comfyui.hang(), simulation.hangAfterMs);
}

/**
 * SIGTERM is not handled: it ends the process at once and leaves the temp folder, as it does there. A SIGINT that the parent
 * had ignored is ignored for ever by Python, while Node undoes inherited ignoring before any of this runs and cannot tell:
 * `--sim-ignore-signals SIGINT` stands for that case.
 */
function listenToSignals(options: SimulatorArguments, folders: Folders, log: ProcessLog): void {
  for (const signal of options.simulation.ignoreSignals) process.on(signal, () => undefined);
  if (options.simulation.ignoreSignals.includes('SIGINT')) return;
  process.on('SIGINT', () => {
    log.print('\nStopped server');
    rmSync(folders.temp, { recursive: true, force: true });
    process.exit(0);
  });
}

function restart(folders: Folders, log: ProcessLog): void {
  log.print('\nRestarting...\n');
  rmSync(folders.temp, { recursive: true, force: true });
  startSuccessor();
  process.exit(0);
}

async function printMuch(megabytes: number, log: ProcessLog): Promise<void> {
  const line = `${'much output '.repeat(8).trim()}\n`;
  const block = line.repeat(Math.ceil((1024 * 1024) / line.length)).slice(0, 1024 * 1024 - 1);
  for (let printed = 0; printed < megabytes; printed += 1) await log.writeThrough(`${block}\n`);
}

function forever(): Promise<never> {
  return new Promise(() => {
    // Keeps the process alive without a port.
    setInterval(() => undefined, 60_000);
  });
}
