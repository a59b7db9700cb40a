/** The gateway's rows of quality.md, each against its bar, all on the same upstream in one run. */
import type { TableRow } from '../table.ts';
import { CONTESTANTS, type ContestantName, type Contestants, startContestants } from './contestants.ts';
import { download, type LoadFigures, loadWith, upload } from './load.ts';
import { residentBytes, stopAll } from './process.ts';
import { interleave, median, medianRatio, percentile } from './rounds.ts';
import { findTool } from './tools.ts';
import { wakeDelay } from './wake-delay.ts';
import { frameDelays } from './websocket-delay.ts';

export const ROW_GROUPS = ['small', 'large', 'upload', 'wake', 'websocket'] as const;
export type RowGroup = (typeof ROW_GROUPS)[number];

export type GatewayRow = TableRow;

export interface MeasureOptions {
  readonly groups: readonly RowGroup[];
  readonly rounds: number;
  readonly say: (line: string) => void;
}

const MIB = 1024 * 1024;
const ROUND_SECONDS = 2;
const LARGE_BYTES = 256 * MIB;
const UPLOAD_BYTES = 2048 * MIB;
const SOCKETS = 1000;
const FRAMES = { frames: 2000, gapMs: 1 };
const WAKES = 20;

export async function measureGateway({ groups, rounds, say }: MeasureOptions): Promise<GatewayRow[]> {
  const contestants = await startContestants(say);
  const rows: GatewayRow[] = [];
  try {
    for (const group of groups) {
      say(`measuring ${group}`);
      rows.push(...(await measureGroup(group, contestants, rounds, say)));
    }
  } finally {
    await stopAll();
  }
  return rows;
}

function measureGroup(
  group: RowGroup,
  contestants: Contestants,
  rounds: number,
  say: (line: string) => void,
): Promise<GatewayRow[]> {
  switch (group) {
    case 'small':
      return smallRows(contestants, rounds, say);
    case 'large':
      return largeRows(contestants, rounds);
    case 'upload':
      return uploadRows(contestants);
    case 'websocket':
      return websocketRows(contestants, rounds);
    case 'wake':
      return wakeRows(contestants);
  }
}

async function smallRows(contestants: Contestants, rounds: number, say: (line: string) => void): Promise<GatewayRow[]> {
  const wrk = findTool('wrk', say);
  if ('missing' in wrk) return [unknownRow('small JSON', wrk.missing)];
  const many = await measureSmall(wrk.path, contestants, 64, rounds);
  const one = await measureSmall(wrk.path, contestants, 1, rounds);
  return [
    ratioRow('small JSON, 64 connections', many.rates, 'nginx', 0.5, perSecond),
    ratioRow('', many.rates, 'http-proxy', 2, perSecond),
    ratioRow('', many.rates, 'flask', 28, perSecond),
    {
      what: 'p99 of that',
      figures: showAll(many.p99, milliseconds),
      bar: '≤ http-proxy',
      result: `${ratioText(medianRatio(many.p99.stoker, many.p99['http-proxy']))} of http-proxy`,
      verdict: verdict(medianRatio(many.p99.stoker, many.p99['http-proxy']) <= 1),
    },
    ratioRow('small JSON, 1 connection', one.rates, 'nginx', 0.5, perSecond),
  ];
}

type Figures = Record<ContestantName, number[]>;

async function measureSmall(
  wrk: string,
  { ports }: Contestants,
  connections: number,
  rounds: number,
): Promise<{ rates: Figures; p99: Figures }> {
  const figures = await interleave(present(ports), rounds, (name) =>
    loadWith(wrk, portOf(ports, name), connections, ROUND_SECONDS),
  );
  const column = (pick: (figure: LoadFigures) => number): Figures => {
    const empty: Figures = { direct: [], nginx: [], 'http-proxy': [], flask: [], stoker: [] };
    return Object.assign(
      empty,
      mapValues(figures, (list) => list.map(pick)),
    );
  };
  return { rates: column(({ requestsPerSecond }) => requestsPerSecond), p99: column(({ p99Ms }) => p99Ms) };
}

async function largeRows({ ports }: Contestants, rounds: number): Promise<GatewayRow[]> {
  const names = present(ports).filter((name) => name !== 'flask');
  const rates = await interleave(names, rounds, (name) => download(portOf(ports, name), LARGE_BYTES));
  return [ratioRow('256 MiB body, one stream', rates, 'nginx', 1.1, gigabytes)];
}

async function uploadRows({ ports, stoker }: Contestants): Promise<GatewayRow[]> {
  const port = portOf(ports, 'stoker');
  // Afterwards the garbage collector's own rhythm is part of what is there.
  await upload(port, 256 * MIB);
  const before = residentBytes(stoker.pid);
  if (before === null) return [unknownRow('2 GiB upload', 'this system does not tell the memory of a process')];
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, residentBytes(stoker.pid) ?? 0);
  }, 20);
  const rate = await upload(port, UPLOAD_BYTES);
  clearInterval(sampling);
  const growth = (most - before) / MIB;
  return [
    {
      what: '2 GiB upload',
      figures: { stoker: gigabytes(rate) },
      bar: 'memory + 64 MiB at most',
      result: `+ ${growth.toFixed(0)} MiB (of ${(before / MIB).toFixed(0)})`,
      verdict: verdict(growth <= 64),
    },
  ];
}

async function websocketRows({ ports, upstream }: Contestants, rounds: number): Promise<GatewayRow[]> {
  const delays = await interleave(['direct', 'stoker'] as const, Math.min(rounds, 3), (name) =>
    frameDelays(portOf(ports, name), SOCKETS, upstream, FRAMES),
  );
  const at = (name: 'direct' | 'stoker', fraction: number): number =>
    median(delays[name].map((round) => percentile(round, fraction)));
  const added = at('stoker', 0.99) - at('direct', 0.99);
  const both = (name: 'direct' | 'stoker'): string => `${at(name, 0.5).toFixed(2)} / ${at(name, 0.99).toFixed(2)} ms`;
  return [
    {
      what: `WebSocket frame, ${SOCKETS} sockets (p50 / p99)`,
      figures: { direct: both('direct'), stoker: both('stoker') },
      bar: 'p99 < direct + 1 ms',
      result: `+ ${added.toFixed(2)} ms`,
      verdict: verdict(added < 1),
    },
  ];
}

async function wakeRows({ stoker }: Contestants): Promise<GatewayRow[]> {
  const delays: number[] = [];
  for (let wake = 0; wake < WAKES; wake += 1) delays.push(await wakeDelay(stoker));
  const worst = Math.max(...delays);
  return [
    {
      what: 'wake: ComfyUI known to answer → held request answered',
      figures: { stoker: `${median(delays).toFixed(1)} ms` },
      bar: '< 100 ms',
      result: `at worst ${worst.toFixed(1)} ms`,
      verdict: verdict(worst < 100),
    },
  ];
}

function ratioRow(
  what: string,
  rates: Readonly<Record<string, readonly number[]>>,
  peer: ContestantName,
  bar: number,
  show: (figure: number) => string,
): GatewayRow {
  const ours = rates.stoker ?? [];
  const theirs = rates[peer] ?? [];
  const ratio = medianRatio(ours, theirs);
  return {
    what,
    figures: what === '' ? {} : showAll(rates, show),
    bar: `≥ ${bar} × ${peer}`,
    result: theirs.length === 0 ? `${peer} is missing` : `${ratioText(ratio)} × ${peer}`,
    verdict: theirs.length === 0 ? 'unknown' : verdict(ratio >= bar),
  };
}

const unknownRow = (what: string, why: string): GatewayRow => ({
  what,
  figures: {},
  bar: '',
  result: why,
  verdict: 'unknown',
});

const verdict = (holds: boolean): 'yes' | 'no' => (holds ? 'yes' : 'no');
const ratioText = (ratio: number): string => ratio.toFixed(2);
const perSecond = (rate: number): string => `${(rate / 1000).toFixed(1)}k/s`;
const gigabytes = (rate: number): string => `${(rate / 1e9).toFixed(2)} GB/s`;
const milliseconds = (ms: number): string => `${ms.toFixed(1)} ms`;

function showAll(
  columns: Readonly<Record<string, readonly number[]>>,
  show: (figure: number) => string,
): Record<string, string> {
  return Object.fromEntries(
    CONTESTANTS.filter((name) => (columns[name]?.length ?? 0) > 0).map((name) => [
      name,
      show(median(columns[name] ?? [])),
    ]),
  );
}

function present(ports: Contestants['ports']): ContestantName[] {
  return CONTESTANTS.filter((name) => typeof ports[name] === 'number');
}

function portOf(ports: Contestants['ports'], name: ContestantName): number {
  const port = ports[name];
  if (typeof port !== 'number') throw new Error(`${name} is missing: ${port.missing}`);
  return port;
}

function mapValues<Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  change: (value: From) => To,
): Record<Key, To> {
  const entries = Object.entries(record) as [Key, From][];
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value)])) as Record<Key, To>;
}
