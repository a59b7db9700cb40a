/** How fast ComfyUI's page opens, asleep, starting and awake, beside opening it without Stoker; and how fast the store of it answers. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { launchProfile } from '../../tests/support/browser.ts';
import { stopEngines } from '../../tests/support/engine-process.ts';
import { loadWith } from '../gateway/load.ts';
import { interleave, median } from '../gateway/rounds.ts';
import { findTool } from '../gateway/tools.ts';
import type { TableRow } from '../table.ts';
import { SITUATIONS, type Situation, type Subject, startSubject } from './subject.ts';
import { type Visit, visit } from './visit.ts';

export interface MeasureOptions {
  readonly rounds: number;
  readonly say: (line: string) => void;
}

type Visits = Record<Situation, readonly { readonly first: Visit; readonly again: Visit }[]>;

const ASLEEP_BAR_MS = 2000;
/** Two runs of the same differ by that much. */
const NOISE = 1.1;
const CONNECTIONS = 16;
const LOAD_SECONDS = 4;

export async function measurePage({ rounds, say }: MeasureOptions): Promise<TableRow[]> {
  const subject = await startSubject(say);
  try {
    say(`opening the page of a ${subject.name}`);
    const visits: Visits = await interleave(SITUATIONS, rounds, async (situation) => {
      const url = await subject.bring(situation);
      const profile = mkdtempSync(join(tmpdir(), 'stoker-bench-profile-'));
      const context = await launchProfile(profile);
      try {
        const first = await visit(context, url);
        // A person who comes back has the browser's cache.
        const again = await visit(context, await subject.bring(situation));
        say(`${situation}: ${Math.round(first.catalogueMs)} ms, again ${Math.round(again.catalogueMs)} ms`);
        return { first, again };
      } finally {
        await context.close();
        rmSync(profile, { recursive: true, force: true });
      }
    });
    return [...timeRows(visits), ...amountRows(visits), ...(await storeRows(subject, say))];
  } finally {
    await stopEngines();
  }
}

function timeRows(visits: Visits): TableRow[] {
  return (['first', 'again'] as const).flatMap((which) =>
    (
      [
        ['load event', 'loadMs'],
        ['node catalogue', 'catalogueMs'],
      ] as const
    ).map(([what, field]) => {
      const times = bySituation((situation) => median(visits[situation].map((both) => both[which][field])));
      const fast = times.asleep <= ASLEEP_BAR_MS && times.asleep <= times.direct * NOISE;
      const even = times.awake <= times.direct * NOISE;
      return {
        what: `${what}, ${which === 'first' ? 'first visit' : 'with the browser’s cache'}`,
        figures: figuresOf(times, (ms) => `${Math.round(ms)} ms`),
        bar: 'asleep ≤ 2 s and ≤ direct; awake ≤ direct',
        result: `asleep ${ratio(times.asleep, times.direct)}, awake ${ratio(times.awake, times.direct)} of direct`,
        verdict: fast && even ? ('yes' as const) : ('no' as const),
      };
    }),
  );
}

function amountRows(visits: Visits): TableRow[] {
  return (['first', 'again'] as const).map((which) => {
    const of = (field: 'bytes' | 'requests') =>
      bySituation((situation) => median(visits[situation].map((both) => both[which][field])));
    const [bytes, requests] = [of('bytes'), of('requests')];
    return {
      what: `moved, ${which === 'first' ? 'first visit' : 'with the browser’s cache'}`,
      figures: Object.fromEntries(
        SITUATIONS.map((name) => [name, `${(bytes[name] / 2 ** 20).toFixed(1)} MiB in ${Math.round(requests[name])}`]),
      ),
      bar: 'none',
      result: `asleep ${ratio(bytes.asleep, bytes.direct)} of direct`,
      verdict: 'yes' as const,
    };
  });
}

/** Requests per second of a static file and of the node catalogue. */
async function storeRows(subject: Subject, say: (line: string) => void): Promise<TableRow[]> {
  const wrk = findTool('wrk', say);
  const rows: TableRow[] = [];
  for (const [what, path] of [
    ['a file of the page', await pageFile(subject)],
    ['/object_info', '/api/object_info'],
  ] as const) {
    const bar = 'asleep ≥ direct';
    if ('missing' in wrk) {
      rows.push({ what, figures: {}, bar, result: wrk.missing, verdict: 'unknown' });
      continue;
    }
    say(`measuring requests per second of ${what}`);
    const rates: Partial<Record<Situation, number>> = {};
    for (const situation of ['asleep', 'awake', 'direct'] as const) {
      const { port } = new URL(await subject.bring(situation));
      if (!(await answersAtOnce(`http://127.0.0.1:${port}${path}`))) continue;
      rates[situation] = (await loadWith(wrk.path, Number(port), CONNECTIONS, LOAD_SECONDS, path)).requestsPerSecond;
    }
    const { asleep, direct = Number.NaN } = rates;
    rows.push({
      what: `${what}, requests per second`,
      figures: Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, `${Math.round(rate)}/s`])),
      bar,
      result: asleep === undefined ? 'not answered asleep' : `asleep ${(asleep / direct).toFixed(1)} × direct`,
      verdict: asleep !== undefined && asleep >= direct ? 'yes' : 'no',
    });
  }
  return rows;
}

/** The first that the page names: of a middling size, and asked for by every visit. */
async function pageFile(subject: Subject): Promise<string> {
  const page = await (await fetch(await subject.bring('direct'))).text();
  const path = /href="\.?\/?(assets\/[^"]+\.(?:css|js))"/.exec(page)?.[1];
  if (path === undefined) throw new Error('the page names no file of its own');
  return `/${path}`;
}

/** A request that is held until ComfyUI wakes is no answer of a store. */
async function answersAtOnce(url: string): Promise<boolean> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => null);
  await answer?.arrayBuffer();
  return answer?.status === 200;
}

const bySituation = (figure: (situation: Situation) => number): Record<Situation, number> => ({
  asleep: figure('asleep'),
  starting: figure('starting'),
  awake: figure('awake'),
  direct: figure('direct'),
});

const figuresOf = (figures: Record<Situation, number>, words: (figure: number) => string): Record<string, string> =>
  Object.fromEntries(SITUATIONS.map((name) => [name, words(figures[name])]));

const ratio = (one: number, other: number): string => `${Math.round((one / other) * 100)} %`;
