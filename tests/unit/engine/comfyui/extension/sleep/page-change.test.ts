/** A page is told once that it is older than ComfyUI; never one that was opened after the change. */
import { expect, it } from 'vitest';
import { NO_PAGE } from '../../../../../../contract/status.ts';
import { changeToTell } from '../../../../../../engine/comfyui/extension/sleep/page-change.ts';

const AT = '2026-11-21T12:00:00.000Z';
const opened = (offsetMs: number): number => Date.parse(AT) + offsetMs;
const changed = (what: 'none' | 'nodes' | 'frontend', changedAt: string | null = AT) => ({
  ...NO_PAGE,
  changed: what,
  changedAt,
});

it.each(['nodes', 'frontend'] as const)('%s that changed while it was open are told', (what) => {
  expect(changeToTell(changed(what), opened(-1), null)).toEqual({ what, at: AT });
});

it.each([
  ['opened after the change', changed('nodes'), opened(1), null],
  ['told already', changed('nodes'), opened(-1), AT],
  ['nothing changed', changed('none'), opened(-1), null],
  ['no moment known', changed('nodes', null), opened(-1), null],
] as const)('nothing is told: %s', (_why, page, openedAt, toldOf) => {
  expect(changeToTell(page, openedAt, toldOf)).toBeNull();
});

it('a second change is told again', () => {
  expect(changeToTell(changed('nodes'), opened(-9), '2026-11-21T11:00:00.000Z')).toEqual({ what: 'nodes', at: AT });
});
