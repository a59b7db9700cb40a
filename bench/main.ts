/** `npm run bench`: measures, prints one table, and keeps it in bench/output/. `--quick` makes fewer rounds, `--rows small,large` only some. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type GatewayRow, measureGateway, ROW_GROUPS } from './gateway/measure.ts';
import { renderTable } from './table.ts';

const { values } = parseArgs({ options: { quick: { type: 'boolean' }, rows: { type: 'string' } } });
const wanted = values.rows?.split(',') ?? [...ROW_GROUPS];
const unknown = wanted.filter((name) => !ROW_GROUPS.some((group) => group === name));
if (unknown.length > 0) {
  console.error(`unknown rows: ${unknown.join(', ')}; there are ${ROW_GROUPS.join(', ')}`);
  process.exit(2);
}

const machine = `${cpus()[0]?.model ?? 'unknown processor'} × ${cpus().length}, Node ${process.version}`;
const rows: GatewayRow[] = await measureGateway({
  groups: ROW_GROUPS.filter((group) => wanted.includes(group)),
  rounds: values.quick === true ? 3 : 9,
  say: (line) => console.error(line),
});

const report = `# Gateway bench\n\n${machine}, ${new Date().toISOString()}\n\n${renderTable(rows)}\n`;
const folder = join(process.cwd(), 'bench/output');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'gateway.md'), report);
console.log(report);
process.exit(rows.some(({ verdict }) => verdict === 'no') ? 1 : 0);
