/**
 * `npm run bench`: measures, prints one table, and keeps it in bench/output/. `npm run bench -- desktop` measures the desktop shell, `jobs` the
 * durable queue, `page` how ComfyUI's page opens, else the gateway. `--quick` makes fewer rounds, `--rows small,large` only some of the gateway's.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measureDesktop } from './desktop/measure.ts';
import { measureGateway, ROW_GROUPS } from './gateway/measure.ts';
import { measureJobs } from './jobs/measure.ts';
import { measurePage } from './page/measure.ts';
import { renderTable, type TableRow } from './table.ts';

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, rows: { type: 'string' } },
  allowPositionals: true,
});
const say = (line: string): void => console.error(line);

const BENCHES: Readonly<Record<string, () => Promise<TableRow[]>>> = {
  gateway: () => measureGateway({ groups: chosenGroups(), rounds: values.quick ? 3 : 9, say }),
  jobs: () => measureJobs({ say }),
  page: () => measurePage({ rounds: values.quick ? 1 : 5, say }),
  desktop: () => measureDesktop({ rounds: values.quick ? 2 : 5, say }),
};

const name = positionals[0] ?? 'gateway';
const measure = BENCHES[name];
if (measure === undefined) refuse(`unknown bench: ${name}; there are ${Object.keys(BENCHES).join(', ')}`);

const machine = `${cpus()[0]?.model ?? 'unknown processor'} × ${cpus().length}, Node ${process.version}`;
const rows = await measure();
const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
const report = `# ${title} bench\n\n${machine}, ${new Date().toISOString()}\n\n${renderTable(rows)}\n`;
const folder = join(process.cwd(), 'bench/output');
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, `${name}.md`), report);
console.log(report);
process.exit(rows.some(({ verdict }) => verdict === 'no') ? 1 : 0);

function chosenGroups() {
  const wanted = values.rows?.split(',') ?? [...ROW_GROUPS];
  const unknown = wanted.filter((each) => !ROW_GROUPS.some((group) => group === each));
  if (unknown.length > 0) refuse(`unknown rows: ${unknown.join(', ')}; there are ${ROW_GROUPS.join(', ')}`);
  return ROW_GROUPS.filter((group) => wanted.includes(group));
}

function refuse(sentence: string): never {
  console.error(sentence);
  process.exit(2);
}
