/** The node catalogue is megabytes that ComfyUI makes under Python's lock: it is asked for once per wake, and everybody who needs it hears that one answer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SettingsSchema } from '../../../../contract/settings.ts';
import { createNodeCatalogue } from '../../../../engine/comfyui/node-catalogue.ts';
import { createPageStore, type PageStore } from '../../../../engine/page-store/page-store.ts';
import { createLog } from '../../../../engine/platform/log.ts';
import { createFakeSupervisor } from '../../../support/fake-supervisor.ts';
import { createManualClock } from '../../../support/manual-clock.ts';
import { until } from '../../../support/until.ts';

let folder: string;
let store: PageStore;
let nodes: Record<string, object>;
const asked: string[] = [];
const comfyui = createServer((request, response) => {
  asked.push(request.url ?? '');
  if (request.url === '/object_info') response.end(JSON.stringify(nodes));
  else response.writeHead(request.url === '/' ? 200 : 404).end();
});
const log = createLog({ write: () => undefined });
const clock = createManualClock();
const supervisor = createFakeSupervisor();

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-catalogue-'));
  await new Promise<void>((resolve) => comfyui.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await store.close();
  comfyui.closeAllConnections();
  comfyui.close();
  rmSync(folder, { recursive: true, force: true });
});

it('is heard once per wake by page and preflight alike, is there for the next engine, and answers that are none change nothing', async () => {
  const file = join(folder, 'node-catalogue.json');
  const catalogue = createNodeCatalogue({ file, log });
  const settings = SettingsSchema.parse({});
  store = createPageStore({
    folder,
    settings: () => settings,
    supervisor,
    webRoot: () => null,
    folders: () => ({ input: null, output: null }),
    onRefused: (write) => expect.unreachable(write.target),
    onCatalogue: catalogue.hear,
    adaptList: (list) => list,
    clock,
    log,
  });
  async function wake(): Promise<void> {
    asked.length = 0;
    supervisor.run((comfyui.address() as AddressInfo).port);
    await clock.advance(1500);
    await until(() => store.status().store === 'ready');
  }
  expect(catalogue.current()).toBeNull();

  nodes = { LabNoise: { input: { required: {} } } };
  await wake();
  expect([Object.keys(catalogue.current() ?? {}), asked.filter((path) => path === '/object_info')]).toEqual([
    ['LabNoise'],
    ['/object_info'],
  ]);
  expect(Object.keys(createNodeCatalogue({ file, log }).current() ?? {})).toEqual(['LabNoise']);

  // Kept by the page already and not by us, as after a lost file: heard all the same.
  rmSync(file);
  supervisor.crash('gone');
  await wake();
  expect(Object.keys(createNodeCatalogue({ file, log }).current() ?? {})).toEqual(['LabNoise']);

  catalogue.hear(Buffer.from('<html>'));
  expect(Object.keys(catalogue.current() ?? {})).toEqual(['LabNoise']);
});
