/** A real process that writes pairs of rows into a database for ever, and says the number of each pair once it is committed. */
import { writeSync } from 'node:fs';
import { runnerImport } from 'vite';

const load = async (path) => (await runnerImport(new URL(path, import.meta.url).pathname)).module;
const { openDatabase } = await load('../../engine/platform/database.ts');
const { silentLog } = await load('../../engine/platform/log.ts');

const database = openDatabase({
  file: process.argv[2],
  migrations: [{ id: 1, sql: 'CREATE TABLE pair (number INTEGER NOT NULL, half TEXT NOT NULL, filler TEXT) STRICT' }],
  now: Date.now,
  log: silentLog(),
  onProblem: (message) => writeSync(2, `${message}\n`),
  whenUnusable: 'throw',
});
const insert = database.prepare('INSERT INTO pair VALUES (?, ?, ?)');
const last = Number(database.prepare('SELECT max(number) AS last FROM pair').get().last ?? 0);
for (let number = last + 1; ; number += 1) {
  database.transaction(() => {
    insert.run(number, 'left', 'x'.repeat(2000));
    insert.run(number, 'right', 'y'.repeat(2000));
  });
  writeSync(1, `${number}\n`);
}
