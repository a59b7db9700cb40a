/** `POST /prompt` through the gateway: on disk before ComfyUI hears of it, word for word as it was sent, and whatever happens to it is known. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createGroupCommit } from '../../../engine/jobs/group-commit.ts';
import { createJournal, type Journal } from '../../../engine/jobs/journal.ts';
import { JOB_MIGRATIONS } from '../../../engine/jobs/schema.ts';
import { createJobStore, type JobStore } from '../../../engine/jobs/store.ts';
import { AppError } from '../../../engine/platform/app-error.ts';
import { systemClock } from '../../../engine/platform/clock.ts';
import { type Database, openDatabase } from '../../../engine/platform/database.ts';
import { silentLog } from '../../../engine/platform/log.ts';
import { closeGatewayHosts, type GatewayHost, startGatewayHost, untilHeld } from '../../support/gateway-host.ts';
import type { RawPeer } from '../../support/raw-peer.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';
import { until } from '../../support/until.ts';

let folder: string;
let database: Database;
let store: JobStore;
let journal: Journal;
/** Jobs that were given to the queue. */
let pickedUp: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-desk-'));
  database = openDatabase({
    file: join(folder, 'jobs.sqlite'),
    migrations: JOB_MIGRATIONS,
    now: Date.now,
    log: silentLog(),
    onProblem: () => undefined,
    whenUnusable: 'throw',
    durability: 'power',
  });
  store = createJobStore({ database, clock: systemClock });
  pickedUp = [];
  journal = createJournal({
    store,
    group: createGroupCommit(database),
    queue: { added: () => undefined, pickUp: (id) => pickedUp.push(id) },
  });
});
afterEach(async () => {
  await closeGatewayHosts();
  database.close();
  rmSync(folder, { recursive: true, force: true });
});

const BODY = '{ "client_id":"tab", "prompt": {"1":{"class_type":"A","inputs":{"seed":18446744073709551615}}} }';
const SENT = '"client_id":"tab","prompt": {"1":{"class_type":"A","inputs":{"seed":18446744073709551615}}}}';
const HEAD = `POST /api/prompt HTTP/1.1`;

const send = (host: GatewayHost, fields = ''): RawPeer =>
  host.send(
    HEAD,
    `Content-Type: application/json\r\nCookie: login=1\r\n${fields}Content-Length: ${BODY.length}\r\n`,
    BODY,
  );

/** The prompt as ComfyUI gets it, and its id. */
async function arrived(host: GatewayHost): Promise<{ readonly upstream: RawPeer; readonly id: string }> {
  const upstream = await host.upstream.connection(0);
  const text = await upstream.until(SENT);
  const id = /\{"prompt_id":"([^"]+)",/.exec(text)?.[1];
  if (id === undefined) throw new Error(`no prompt id in ${text}`);
  expect(text).toContain('Cookie: login=1\r\n');
  expect(text).toContain(`Content-Length: ${text.split('\r\n\r\n')[1]?.length}\r\n`);
  return { upstream, id };
}

const accepted = (id: string): string => httpAnswer(`{"prompt_id":"${id}","number":3,"node_errors":{}}`);

it('reaches ComfyUI with every digit of its seed, its cookies, and a prompt id; it is on disk by then, and followed after', async () => {
  const host = await startGatewayHost({ journal });
  const client = send(host);
  const { upstream, id } = await arrived(host);
  expect(store.state(id)).toMatchObject({ kind: 'running', target: 'local', phase: 'submitting', remoteId: null });
  expect(store.payload(id)?.request).toContain('18446744073709551615');
  upstream.write(accepted(id));
  await client.until('"number":3');
  await until(() => pickedUp.length === 1);
  expect([pickedUp, store.state(id)]).toMatchObject([[id], { remoteId: id, phase: 'waiting' }]);
});

it('refused by ComfyUI: the client reads why, and there is no such job', async () => {
  const host = await startGatewayHost({ journal });
  const client = send(host);
  const { upstream, id } = await arrived(host);
  upstream.write(httpAnswer('{"error":{"message":"bad"},"node_errors":{}}', '', '400 Bad Request'));
  expect(await client.until('"bad"')).toMatch(/^HTTP\/1.1 400 /);
  await until(() => store.state(id) === null);
  expect(pickedUp).toEqual([]);
});

it('ComfyUI dies before it answers: the client is told that it is queued, because it is', async () => {
  const host = await startGatewayHost({ journal });
  const client = send(host);
  const { upstream, id } = await arrived(host);
  upstream.socket.destroy();
  expect(await client.until(`"prompt_id":"${id}"`)).toMatch(/^HTTP\/1.1 200 /);
  await until(() => pickedUp.length === 1);
  expect(store.state(id)).toMatchObject({ kind: 'running', remoteId: null });
});

it('the client leaves before the answer: whether ComfyUI has it is looked up', async () => {
  const host = await startGatewayHost({ journal });
  const client = send(host);
  const { id } = await arrived(host);
  client.socket.destroy();
  await until(() => pickedUp.length === 1);
  expect(pickedUp).toEqual([id]);
});

it('asleep: on disk while it is held; a client that leaves leaves its prompt in the queue', async () => {
  const host = await startGatewayHost({ journal, asleep: true });
  const client = send(host);
  await untilHeld(host, 1);
  const [job] = store.running();
  client.socket.destroy();
  await until(() => store.state(job?.id ?? '')?.kind === 'queued');
});

it('asleep, and ComfyUI does not start: the client reads why, and may send it again without having it twice', async () => {
  const host = await startGatewayHost({ journal, asleep: true });
  const client = send(host);
  await untilHeld(host, 1);
  host.supervisor.fail(new AppError('exited_early', 'No torch.'));
  expect(await client.until('exited_early')).toMatch(/^HTTP\/1.1 502 /);
  await until(() => store.running().length === 0);
  expect(store.counts()).toMatchObject({ queued: 0, cancelled: 0, failed: 0 });
});

it('cancelled while it was held: ComfyUI never sees it', async () => {
  const host = await startGatewayHost({ journal, asleep: true });
  const client = send(host);
  await untilHeld(host, 1);
  const [job] = store.running();
  store.apply(job?.id ?? '', { kind: 'cancelWanted' });
  host.supervisor.wake();
  expect(await client.until('prompt_cancelled')).toMatch(/^HTTP\/1.1 409 /);
  expect([host.upstream.connections.length, pickedUp]).toEqual([0, [job?.id]]);
});

it('a client that waits for a word before it sends its body gets it', async () => {
  const host = await startGatewayHost({ journal });
  const client = host.send(HEAD, `Expect: 100-continue\r\nContent-Length: ${BODY.length}\r\n`);
  await client.until('HTTP/1.1 100 Continue\r\n\r\n');
  client.write(BODY);
  const upstream = await host.upstream.connection(0);
  expect(await upstream.until(SENT)).not.toContain('Expect');
});

it('while the card is lent it is kept, and the client is told that it is queued', async () => {
  const error = new AppError('card_lent', 'Paused.');
  const host = await startGatewayHost({ journal, cardLent: () => ({ error, backAt: null }) });
  const text = await send(host).until('"node_errors":{}}');
  const id = /"prompt_id":"([^"]+)"/.exec(text)?.[1] ?? '';
  expect([store.state(id)?.kind, journal.kept(), host.upstream.connections.length]).toEqual(['queued', 1, 0]);
  expect(journal.keptItems()[0]?.[1]).toBe(id);
});

it('what is deleted in the page is written down before ComfyUI hears of it; what is no prompt of ours is only passed on', async () => {
  const host = await startGatewayHost({ journal });
  const client = send(host);
  const { upstream, id } = await arrived(host);
  upstream.write(accepted(id));
  await client.until('"number":3');
  await until(() => pickedUp.length === 1);
  const body = `{"delete":["${id}","a stranger"]}`;
  host.send('POST /queue HTTP/1.1', `Content-Length: ${body.length}\r\n`, body);
  await upstream.until(body);
  expect(store.state(id)).toMatchObject({ kind: 'running', phase: 'cancelling' });
});
