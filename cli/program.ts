/** The command line as a whole: its commands, its help, and how it ends. */
import { Command, CommanderError } from 'commander';
import { toCommandFailure } from './command-failure.ts';
import { doctorCommand } from './commands/doctor.ts';
import { endpointsCommand } from './commands/endpoints.ts';
import { freeCommand } from './commands/free.ts';
import { jobsCommand } from './commands/jobs.ts';
import { keepAwakeCommand } from './commands/keep-awake.ts';
import { leaseCommand } from './commands/lease.ts';
import { logsCommand } from './commands/logs.ts';
import { offloadCommand } from './commands/offload.ts';
import { pauseCommand } from './commands/pause.ts';
import { restartCommand } from './commands/restart.ts';
import { resumeCommand } from './commands/resume.ts';
import { runCommand } from './commands/run.ts';
import { serveCommand } from './commands/serve.ts';
import { startCommand } from './commands/start.ts';
import { statusCommand } from './commands/status.ts';
import { stopCommand } from './commands/stop.ts';
import { tokensCommand } from './commands/tokens.ts';
import { EXIT_CODES, exitCodeLines } from './exit-codes.ts';
import { printFailure } from './output.ts';

export interface ProgramFacts {
  readonly version: string;
  /** The build's folder. */
  readonly programFolder: string;
}

export function createProgram({ version, programFolder }: ProgramFacts): Command {
  const program = new Command('stoker')
    .description('ComfyUI, lit only while you need it.')
    .version(version)
    .showHelpAfterError('Run with --help to see what there is.')
    .addHelpText(
      'after',
      `\nExit codes:\n${exitCodeLines()
        .map((line) => `  ${line}`)
        .join('\n')}`,
    );
  const commands = [
    serveCommand(programFolder),
    startCommand(),
    stopCommand(),
    restartCommand(),
    statusCommand(),
    logsCommand(),
    keepAwakeCommand(),
    freeCommand(),
    pauseCommand(),
    resumeCommand(),
    leaseCommand(),
    runCommand(),
    jobsCommand(),
    offloadCommand(),
    endpointsCommand(),
    tokensCommand(),
    doctorCommand(),
  ];
  for (const command of commands) program.addCommand(command.copyInheritedSettings(program));
  // After the subcommands: each gets it, so that none ends the process by itself.
  for (const command of [program, ...commands]) command.exitOverride();
  return program;
}

/** Runs one command line and sets the process's exit code; never rejects. @param words without node and the script */
export async function runProgram(program: Command, words: readonly string[]): Promise<void> {
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? EXIT_CODES.ok.code : EXIT_CODES.usage.code;
      return;
    }
    const failure = toCommandFailure(error);
    // The desktop application reads what its engine says.
    printFailure(failure, words.includes('--json') || words.includes('--attended'));
    process.exitCode = failure.exitCode;
  }
}
