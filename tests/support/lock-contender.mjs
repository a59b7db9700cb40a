/**
 * A real process that contends for a data folder's lock. Each line on stdin is an order: `acquire <file>` or `release`;
 * each is answered by one line of JSON. Loads everything before it says `{"ready":true}`, so that races are close.
 */
import { createInterface } from 'node:readline';
import { runnerImport } from 'vite';

const load = async (path) => (await runnerImport(new URL(path, import.meta.url).pathname)).module;
const { acquireDataLock } = await load('../../engine/platform/data-lock.ts');
const { createProcessTable } = await load('../../engine/supervisor/processes/process-table.ts');

const table = createProcessTable();
const startTokenOf = async (pid) => (await table.find(pid))?.startToken ?? null;
const say = (answer) => process.stdout.write(`${JSON.stringify(answer)}\n`);

let lock = null;
say({ ready: true });
for await (const line of createInterface({ input: process.stdin })) {
  const [order, file] = line.split(' ');
  if (order === 'release') {
    lock?.release();
    lock = null;
    say({ released: true });
    continue;
  }
  try {
    lock = await acquireDataLock({ file, startTokenOf });
    lock.updateLock({ url: `http://127.0.0.1:${process.pid}` });
    say({ held: true });
  } catch (error) {
    say({ held: false, code: error.code, message: error.message, details: error.details });
  }
}
