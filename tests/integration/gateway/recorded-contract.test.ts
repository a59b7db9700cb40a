/**
 * The recorded conversation with ComfyUI, held through the whole product: a client cannot tell Stoker from ComfyUI but by the
 * origin check, which is stricter, and by what is said of the connection itself.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { compareReplay, type Difference } from '../../support/contract-comparison.ts';
import { loadRecording } from '../../support/contract-recording.ts';
import { replayRecording } from '../../support/contract-replay.ts';
import { startEngine, stopEngines } from '../../support/engine-process.ts';

const sections = [...new Set(loadRecording().flatMap((event) => (event.kind === 'close' ? [] : [event.section])))];

let differences: Difference[] = [];
let folder = '';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-contract-'));
  const simulator = join(process.env.STOKER_TEST_BUILD ?? '', 'simulator/comfyui.js');
  const engine = await startEngine({
    environment: {
      STOKER_INSTALLATION_COMMAND_LINE: `"${process.execPath}" "${simulator}" --listen {host} --port {port} --cpu --base-directory "${folder}"`,
    },
  });
  await engine.post('/manager/start');
  differences = compareReplay(await replayRecording(engine.url), folder);
}, 240_000);

afterAll(async () => {
  await stopEngines();
  rmSync(folder, { recursive: true, force: true });
});

/** Foreign names and origins get our refusal, in our words; whether a connection stays open is between each pair of neighbours. */
const EXPECTED = /Origin|Host|: closes the connection$/;

it.each(sections)('answers as recorded: %s', (section) => {
  const unexpected = differences.filter(
    (difference) => difference.section === section && !EXPECTED.test(difference.what),
  );
  expect(unexpected).toEqual([]);
});

it('refuses what ComfyUI refuses, and more', () => {
  const foreign = differences.filter(({ what }) => /Origin|Host/.test(what) && what.endsWith(': status'));
  expect(foreign.map(({ recorded, played }) => [recorded, played])).toEqual([[200, 403]]);
});
