/** `stoker lease OWNER -- COMMAND`: holds the card while a command runs, and gives it back whatever becomes of the command. */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import { type Lease, LeaseSchema, LeasesSchema } from '../../contract/courtesy.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { CommandFailure, toCommandFailure } from '../command-failure.ts';
import type { EngineClient } from '../engine-client.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { parseDuration } from '../format.ts';
import { printJson } from '../output.ts';

interface LeaseOptions extends ClientOptions {
  readonly reason: string;
  readonly for: number;
}

const USUAL_SECONDS = 600;
/** The most a lease takes (contract/courtesy.ts). */
const LONGEST_SECONDS = 86_400;

export function leaseCommand(): Command {
  return clientCommand('lease', 'hold the card while another program runs')
    .usage('[options] <owner> -- <command> [arguments…]')
    .argument('<owner>', 'who asks, for a person')
    .argument('<command...>', 'what to run while the card is held')
    .option('--reason <text>', 'why, for a person', '')
    .option('--for <time>', 'how long the card stays away should this program die (10m)', parseSpan, USUAL_SECONDS)
    .action(async (owner: string, words: string[], options: LeaseOptions) => {
      const client = openClient(options);
      const body = { owner, reason: options.reason, seconds: options.for };
      const lease = await client.post(`${MANAGER_ROUTES.leases}?wait=true`, body, LeaseSchema);
      if (options.json) printJson(lease);
      const stopRenewing = renew(client, lease, options.for);
      try {
        process.exitCode = await run(words);
      } finally {
        stopRenewing();
        await giveBack(client, lease);
      }
    });
}

function parseSpan(text: string): number {
  const seconds = parseDuration(text);
  if (seconds === null || seconds > LONGEST_SECONDS) throw new InvalidArgumentError('Use 90s, 30m or 2h (at most 1d).');
  return seconds;
}

/** @returns what ends it */
function renew(client: EngineClient, { id }: Lease, seconds: number): () => void {
  const timer = setInterval(
    () => {
      client.post(`${MANAGER_ROUTES.leases}/${id}/renew`, { seconds }, LeaseSchema).catch((error: unknown) => {
        clearInterval(timer);
        process.stderr.write(`stoker: the card is no longer held. ${toCommandFailure(error).message}\n`);
      });
    },
    (seconds * 1000) / 3,
  );
  return () => clearInterval(timer);
}

/** Signals of the terminal reach the command as well; this program stays to give the card back. */
function run([program = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit' });
    const onInterrupt = () => undefined;
    const onTerminate = () => child.kill('SIGTERM');
    process.on('SIGINT', onInterrupt);
    process.on('SIGTERM', onTerminate);
    const done = (settle: () => void): void => {
      process.removeListener('SIGINT', onInterrupt);
      process.removeListener('SIGTERM', onTerminate);
      settle();
    };
    child.once('error', (error) => done(() => reject(cannotRun(program, error))));
    child.once('exit', (code, signal) => {
      // As a shell tells it.
      done(() => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
  });
}

function cannotRun(program: string, error: Error): CommandFailure {
  return new CommandFailure(
    {
      source: 'stoker',
      error: {
        code: 'command_not_found',
        message: `"${program}" could not be run: ${error.message}.`,
        details: { next: 'Check the command after "--". The card was given back.' },
      },
    },
    EXIT_CODES.error.code,
  );
}

/** One that has run out, or was taken back, needs no giving back. */
async function giveBack(client: EngineClient, { id }: Lease): Promise<void> {
  await client.delete(`${MANAGER_ROUTES.leases}/${id}`, LeasesSchema).catch((error: unknown) => {
    const failure = toCommandFailure(error);
    if (failure.body.error.code !== 'lease_not_found') throw failure;
  });
}
