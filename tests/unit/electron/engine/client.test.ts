import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Happening } from '../../../../contract/events.ts';
import type { Status } from '../../../../contract/status.ts';
import { createEngineClient } from '../../../../electron/engine/client.ts';
import { readEvents } from '../../../../electron/engine/event-stream.ts';
import { exampleError, exampleStatus, type FakeEngine, startFakeEngine } from '../../../support/fake-engine.ts';

let engine: FakeEngine | null = null;
let server: Server | null = null;
afterEach(async () => {
  await engine?.close();
  server?.closeAllConnections();
  server?.close();
  engine = null;
  server = null;
});

async function serve(listener: RequestListener): Promise<string> {
  const started = createServer(listener);
  server = started;
  await new Promise<void>((listening) => started.listen(0, '127.0.0.1', listening));
  return `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
}

describe('a request to the engine', () => {
  it('carries its body and the token of that moment', async () => {
    engine = await startFakeEngine();
    engine.answer('POST /manager/free', () => ({ body: { done: true } }));
    let token: string | null = null;
    const client = createEngineClient({ url: engine.url, token: () => token });
    expect(await client.json('POST', '/manager/free', { now: true })).toEqual({ done: true });
    token = 'a-token-of-the-user';
    await client.json('POST', '/manager/free');
    expect(engine.seen.map(({ body, authorization }) => [body, authorization])).toEqual([
      [{ now: true }, null],
      [null, 'Bearer a-token-of-the-user'],
    ]);
  });

  it('is refused with the engine’s own code, words and details', async () => {
    engine = await startFakeEngine();
    engine.answer('POST /manager/quit', () => exampleError('work_in_progress', 'One prompt runs.', { running: 1 }));
    const client = createEngineClient({ url: engine.url, token: () => null });
    await expect(client.json('POST', '/manager/quit', {})).rejects.toMatchObject({
      code: 'work_in_progress',
      message: 'One prompt runs.',
      details: { running: 1 },
    });
  });

  it('is told apart from what another program answers', async () => {
    const url = await serve((_request, response) => {
      response.statusCode = 404;
      response.end('<h1>nginx</h1>');
    });
    await expect(createEngineClient({ url, token: () => null }).json('GET', '/manager/status')).rejects.toMatchObject({
      code: 'not_stoker',
    });
  });

  it('fails as unreachable, without the token in the words, when nobody answers in time', async () => {
    const url = await serve(() => undefined);
    const client = createEngineClient({ url, token: () => 'planted-secret-value' });
    const failure = await client.json('GET', '/manager/status', undefined, 20).catch((error: Error) => error);
    expect(failure).toMatchObject({ code: 'unreachable' });
    expect(String(failure)).not.toContain('planted-secret-value');
  });

  it('fails as unreachable when the engine is let go meanwhile', async () => {
    const url = await serve(() => client.close());
    const client = createEngineClient({ url, token: () => null });
    await expect(client.json('POST', '/manager/start', {})).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('a download', () => {
  it('is bytes with their type, null where there is nothing, and refused when it is endless', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/none') response.statusCode = 404;
      response.setHeader('content-type', 'image/png');
      response.end(request.url === '/endless' ? Buffer.alloc(9 * 1024 * 1024) : Buffer.from([1, 2, 3]));
    });
    const client = createEngineClient({ url, token: () => null });
    expect(await client.download('/some')).toEqual({ type: 'image/png', body: Buffer.from([1, 2, 3]) });
    expect(await client.download('/none')).toBeNull();
    await expect(client.download('/endless')).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe('the event stream', () => {
  const happening: Happening = { id: 1, at: 2, kind: 'state', level: 'info', message: 'ComfyUI is asleep.' };

  it('tells what the contract knows, and ends with the engine', async () => {
    engine = await startFakeEngine();
    engine.greet('status', exampleStatus({ reason: 'Naïve – ausgeschlafen.' }));
    const heard: unknown[] = [];
    const client = createEngineClient({ url: engine.url, token: () => null });
    const end = readEvents(client, ['status', 'happening'], (event) =>
      heard.push(event.name === 'status' ? (event.value as Status).reason : event.value),
    );
    await engine.untilStreams(1);
    engine.emit('happening', happening);
    engine.endStreams();
    await end;
    expect(heard).toEqual(['Naïve – ausgeschlafen.', happening]);
  });

  it('leaves out what is not of this contract', async () => {
    const url = await serve((_request, response) => {
      response.write('event: weather\ndata: {}\n\nevent: happening\ndata: {"id":"x"}\n\nevent: happening\ndata: {\n\n');
      response.end(`event: happening\ndata: ${JSON.stringify(happening)}\n\n`);
    });
    const heard: unknown[] = [];
    await readEvents(createEngineClient({ url, token: () => null }), ['happening'], ({ value }) => heard.push(value));
    expect(heard).toEqual([happening]);
  });

  it('ends when the engine falls silent', async () => {
    engine = await startFakeEngine();
    const client = createEngineClient({ url: engine.url, token: () => null });
    await readEvents(
      client,
      ['status'],
      () => undefined,
      () => undefined,
      30,
    );
  });

  it('ends when the shell wants it to', async () => {
    engine = await startFakeEngine();
    const client = createEngineClient({ url: engine.url, token: () => null });
    await readEvents(
      client,
      ['status'],
      () => undefined,
      (end) => end(),
    );
  });
});
