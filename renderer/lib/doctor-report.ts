/** The doctor's report: in which order a person reads it, and as plain text for an issue or a forum. */
import type { DoctorCheck, DoctorReport } from '../../contract/doctor.ts';

const URGENCY = ['problem', 'warning', 'ok', 'skipped'] as const satisfies readonly DoctorCheck['outcome'][];

/** What needs doing first; within one outcome the engine's order. */
export function checksByUrgency(checks: readonly DoctorCheck[]): DoctorCheck[] {
  return URGENCY.flatMap((outcome) => checks.filter((check) => check.outcome === outcome));
}

export function countOutcomes(checks: readonly DoctorCheck[]): Record<DoctorCheck['outcome'], number> {
  const counts = { ok: 0, warning: 0, problem: 0, skipped: 0 };
  for (const check of checks) counts[check.outcome] += 1;
  return counts;
}

const MARKS: Record<DoctorCheck['outcome'], string> = {
  problem: 'PROBLEM',
  warning: 'WARNING',
  ok: 'ok',
  skipped: 'skipped',
};

/** @param version of the engine, null when unknown */
export function reportAsText(report: DoctorReport, version: string | null): string {
  const head = `Stoker ${version ?? ''} doctor, ${new Date(report.at).toISOString()}`.replace('  ', ' ');
  const lines = checksByUrgency(report.checks).flatMap((check) => [
    `[${MARKS[check.outcome]}] ${check.title}: ${check.finding}`,
    ...(check.advice === null ? [] : [`    → ${check.advice}`]),
  ]);
  return `${[head, '', ...lines].join('\n')}\n`;
}
