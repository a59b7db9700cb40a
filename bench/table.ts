/** Rows of a bench as a Markdown table. Pure. */

export interface TableRow {
  readonly what: string;
  /** Figure of each contestant by name, as it is shown. */
  readonly figures: Readonly<Record<string, string>>;
  readonly bar: string;
  readonly result: string;
  /** `no` fails the bench; `unknown` says why in `result`. */
  readonly verdict: 'yes' | 'no' | 'unknown';
}

const MARKS: Record<TableRow['verdict'], string> = { yes: '✓', no: '✗', unknown: '?' };

export function renderTable(rows: readonly TableRow[]): string {
  const names = [...new Set(rows.flatMap(({ figures }) => Object.keys(figures)))];
  const lines = [
    ['', ...names, 'bar', 'result', ''],
    ['---', ...names.map(() => '---:'), '---', '---', '---'],
    ...rows.map(({ what, figures, bar, result, verdict }) => [
      what,
      ...names.map((name) => figures[name] ?? ''),
      bar,
      result,
      MARKS[verdict],
    ]),
  ];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
