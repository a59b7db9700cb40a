/** `stoker doctor`: what is wrong with this installation. */
import type { Command } from 'commander';
import { type DoctorCheck, DoctorReportSchema } from '../../contract/doctor.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { paint, print, printJson, type Style } from '../output.ts';

const MARKS: Record<DoctorCheck['outcome'], readonly [string, Style]> = {
  ok: ['ok', 'green'],
  warning: ['warning', 'yellow'],
  problem: ['problem', 'red'],
  skipped: ['skipped', 'dim'],
};

export function doctorCommand(): Command {
  return clientCommand(
    'doctor',
    'check folder, Python, GPU driver, ports and disk; exit 1 when there is a problem',
  ).action(async (options: ClientOptions) => {
    const report = await openClient(options).get(MANAGER_ROUTES.doctor, DoctorReportSchema);
    if (options.json) printJson(report);
    else print(report.checks.flatMap(checkLines));
    if (report.checks.some(({ outcome }) => outcome === 'problem')) process.exitCode = EXIT_CODES.error.code;
  });
}

function checkLines({ title, outcome, finding, advice }: DoctorCheck): string[] {
  const [mark, style] = MARKS[outcome];
  const indent = ' '.repeat(9);
  return [`${paint(style, mark.padEnd(9))}${title}: ${finding}`, ...(advice === null ? [] : [`${indent}→ ${advice}`])];
}
