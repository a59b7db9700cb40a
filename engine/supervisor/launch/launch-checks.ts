/**
 * Looks at the disk and the network before ComfyUI is started, so that what can not work is said at once and in words:
 * a start that fails by itself takes ten seconds and explains little. Changes nothing but the workflows link.
 */
import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import getPort from 'get-port';
import { AppError } from '../../platform/app-error.ts';
import { programName } from '../processes/browsers.ts';
import type { ProcessTable } from '../processes/process-table.ts';
import {
  fixedPort,
  type InstallationSettings,
  type LaunchChoices,
  type LaunchPlan,
  type LaunchTarget,
  planLaunch,
  readTarget,
} from './launch.ts';
import { findPython, placesInPath } from './python.ts';
import { keepWorkflowsLink } from './workflows-link.ts';

export interface LaunchSurroundings {
  readonly platform: NodeJS.Platform;
  readonly environment: NodeJS.ProcessEnv;
  readonly currentFolder: string;
  /** Names the program that holds a port. */
  readonly processTable: Pick<ProcessTable, 'listenerOf'>;
}

export interface PreparedLaunch {
  readonly plan: LaunchPlan;
  readonly host: string;
  readonly port: number;
}

/**
 * @throws AppError not_configured, invalid_settings, folder_invalid, python_missing, command_not_found or private_port_taken
 */
export async function prepareLaunch(
  settings: InstallationSettings,
  start: Pick<LaunchChoices, 'nonce' | 'withoutCustomNodes'>,
  surroundings: LaunchSurroundings,
): Promise<PreparedLaunch> {
  const { platform, environment } = surroundings;
  const target = readTarget(settings, surroundings.currentFolder, platform);
  const python = target.kind === 'folder' ? checkedPython(target.folder, settings.python, surroundings) : null;
  if (!isFolder(target.workingFolder)) {
    throw new AppError(
      'folder_invalid',
      `The working folder ${target.workingFolder} does not exist, or may not be read.`,
    );
  }
  linkWorkflows(settings, target, platform);
  const port = await choosePort(settings, target, surroundings);
  const plan = planLaunch(settings, target, { ...start, port, python, inherited: environment });
  checkCommand(plan, platform);
  return { plan, host: settings.host, port };
}

function checkedPython(folder: string, configured: string | null, surroundings: LaunchSurroundings): string {
  checkFolder(folder);
  const { platform, environment } = surroundings;
  const finding = findPython({ folder, configured, platform, environment, isFile });
  if (finding.kind === 'found') return finding.python;
  throw new AppError(
    'python_missing',
    configured === null
      ? `No Python was found for ComfyUI in ${folder}: neither an environment beside it (venv, .venv) nor one in PATH.`
      : `The configured Python ${configured} does not exist.`,
    { details: { lookedAt: finding.lookedAt.slice(0, 20) } },
  );
}

function checkFolder(folder: string): void {
  if (!isFolder(folder)) {
    throw new AppError('folder_invalid', `The ComfyUI folder ${folder} does not exist, or may not be read.`, {
      details: { folder },
    });
  }
  if (isFile(join(folder, 'main.py'))) return;
  const inside = join(folder, 'ComfyUI');
  const hint = isFile(join(inside, 'main.py')) ? ` It is in ${inside}: choose that folder.` : '';
  throw new AppError('folder_invalid', `There is no main.py in ${folder}, so this is not a ComfyUI folder.${hint}`, {
    details: { folder },
  });
}

function linkWorkflows(settings: InstallationSettings, target: LaunchTarget, platform: NodeJS.Platform): void {
  if (settings.workflowsFolder === null) return;
  const comfyFolder = target.kind === 'folder' ? target.folder : target.workingFolder;
  const userFolder = settings.userDirectory ?? join(comfyFolder, 'user');
  keepWorkflowsLink({ workflowsFolder: settings.workflowsFolder, userFolder, platform });
}

async function choosePort(
  settings: InstallationSettings,
  target: LaunchTarget,
  surroundings: LaunchSurroundings,
): Promise<number> {
  const wanted = fixedPort(settings, target);
  if (wanted === null) return getPort({ host: settings.host });
  // ComfyUI itself would notice only after a whole start, having wiped the temp folder of the instance that holds it.
  await checkPort(settings.host, wanted, surroundings.processTable);
  return wanted;
}

async function checkPort(host: string, port: number, processTable: Pick<ProcessTable, 'listenerOf'>): Promise<void> {
  const problem = await bindProblem(host, port);
  // Windows and macOS let us bind beside a program that listens on every address; only asking shows it.
  if (problem === null && !(await isAnswered(host, port))) return;
  if (problem !== null && problem !== 'EADDRINUSE') {
    const why = problem === 'EACCES' ? 'this user may not use it' : problem;
    throw new AppError('private_port_taken', `ComfyUI can not listen on port ${port} of ${host}: ${why}.`, {
      details: { port, pid: null },
    });
  }
  const holder = await processTable.listenerOf(port);
  // Its name alone: other people's command lines may hold secrets.
  const who = holder === null ? 'another program' : `process ${holder.pid} (${programName(holder.command)})`;
  throw new AppError('private_port_taken', `ComfyUI can not listen on port ${port}: ${who} already does.`, {
    details: { port, pid: holder?.pid ?? null },
  });
}

/** The error code of trying to listen; null when it works. */
function bindProblem(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(null)));
  });
}

function isAnswered(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    // Windows takes two seconds to refuse; who listens on this machine accepts at once.
    const socket = connect({ host, port, timeout: 300 });
    const settle = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}

function checkCommand(plan: LaunchPlan, platform: NodeJS.Platform): void {
  const { command } = plan;
  if (platform === 'win32' && /\.(bat|cmd)$/i.test(command)) {
    throw new AppError(
      'command_not_found',
      `${command} is a batch file, which only a shell can run. Use the Python command inside it as the start command.`,
    );
  }
  const isPath = /[\\/]/.test(command);
  const file = (isPath ? [command] : placesInPath(command, plan.env, platform)).find(isFile);
  if (file === undefined) {
    const why = isPath ? `${command} does not exist` : `no program named "${command}" is in PATH`;
    throw new AppError('command_not_found', `ComfyUI can not be started: ${why}.`, { details: { command } });
  }
  if (!isExecutable(file)) {
    throw new AppError('command_not_found', `ComfyUI can not be started: ${file} may not be executed by this user.`, {
      details: { command },
    });
  }
}

function isFile(path: string): boolean {
  return statOf(path)?.isFile() ?? false;
}

function isFolder(path: string): boolean {
  return statOf(path)?.isDirectory() ?? false;
}

/** What may not be looked at counts as missing: it can not be used either. */
function statOf(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
