import { expect, test } from 'vitest';
import { checksByUrgency, countOutcomes, reportAsText } from '../../../../renderer/lib/doctor-report.ts';
import { doctorReport } from '../../../support/dashboard-records.ts';

const report = doctorReport(Date.parse('2026-11-21T12:00:00Z'));

test('what needs doing comes first, the rest in the engine’s order', () => {
  expect(checksByUrgency(report.checks).map(({ id }) => id)).toEqual([
    'custom-nodes',
    'disk',
    'folder',
    'python',
    'torch',
    'driver',
    'port-public',
    'amd',
  ]);
});

test('outcomes are counted', () => {
  expect(countOutcomes(report.checks)).toEqual({ problem: 1, warning: 1, ok: 5, skipped: 1 });
});

test('the text for a forum has every finding and every advice', () => {
  const text = reportAsText(report, '0.1.0');
  expect(text.startsWith('Stoker 0.1.0 doctor, 2026-11-21T12:00:00.000Z\n')).toBe(true);
  for (const check of report.checks) {
    expect(text).toContain(`${check.title}: ${check.finding}`);
    if (check.advice !== null) expect(text).toContain(`    → ${check.advice}`);
  }
});
