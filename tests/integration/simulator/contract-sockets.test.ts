/** The WebSocket's own rules, asserted of the simulator and of the real ComfyUI: ids, features, who hears what, and the trap of a shared id. */
import { afterEach, expect, it } from 'vitest';
import { describeEither } from '../../support/either-comfyui.ts';
import { post } from '../../support/http-ask.ts';
import { connectSocket, cutSocketClients, type SocketClient } from '../../support/socket-client.ts';
import { until } from '../../support/until.ts';

describeEither('sockets', (comfyui) => {
  afterEach(cutSocketClients);

  const connect = async (query = '', path = '/ws'): Promise<SocketClient> => {
    const client = await connectSocket(`${comfyui().url.replace('http', 'ws')}${path}${query}`);
    await client.heard(1);
    return client;
  };
  let colour = 0;
  const submit = (clientId?: string) => {
    colour += 1;
    const prompt = {
      1: { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: colour } },
      2: { class_type: 'PreviewImage', inputs: { images: ['1', 0] } },
    };
    return post(`${comfyui().url}/prompt`, { prompt, ...(clientId ? { client_id: clientId } : {}) });
  };
  /** One job is over for this client when it has heard of a queue that was filled and emptied. */
  const overFor = (watcher: SocketClient) =>
    until(() => {
      const counts = watcher.messages.filter(({ type }) => type === 'status').map(({ data }) => remaining(data));
      return counts.includes(1) && counts.at(-1) === 0;
    });

  it('get an id of 32 hex digits when they bring none', async () => {
    const client = await connect();
    expect(client.messages[0]?.data.sid).toMatch(/^[0-9a-f]{32}$/);
  });

  it('are accepted under /api/ws as well', async () => {
    const client = await connect('?clientId=under-api', '/api/ws');
    expect(client.messages[0]?.data.sid).toBe('under-api');
  });

  it('are told the features only when their first message asks', async () => {
    const late = await connect('?clientId=late');
    late.say('something', {});
    late.say('feature_flags', { supports_preview_metadata: true });
    const early = await connect('?clientId=early');
    early.say('feature_flags', { supports_preview_metadata: true });
    await early.heard(2);
    await submit();
    await overFor(late);
    expect([late.types().includes('feature_flags'), early.types()[1]]).toEqual([false, 'feature_flags']);
  });

  it('hear of the jobs of others by their status alone', async () => {
    const owner = await connect('?clientId=owner');
    const other = await connect('?clientId=other');
    await submit('owner');
    await overFor(owner);
    await overFor(other);
    expect(new Set(other.types())).toEqual(new Set(['status']));
    expect(owner.types()).toContain('execution_success');
  });

  it('all hear the progress of a job that nobody owns, and nothing else of it', async () => {
    const watcher = await connect('?clientId=watcher');
    await submit();
    await overFor(watcher);
    expect(new Set(watcher.types())).toEqual(new Set(['status', 'progress_state']));
  });

  it('stay open after text that is no JSON and after binary frames', async () => {
    const client = await connect('?clientId=garbage');
    client.socket.send('{not json');
    client.socket.send(Buffer.from([1, 2, 3]));
    await submit();
    await overFor(client);
    expect(client.closedWith).toBeNull();
  });

  it('of one id: the newer goes silent when the older closes', async () => {
    const older = await connect('?clientId=twin');
    const newer = await connect('?clientId=twin');
    const fence = await connect('?clientId=fence');
    older.socket.close();
    await older.closed();
    await submit('twin');
    await overFor(fence);
    expect([newer.types(), newer.closedWith]).toEqual([['status'], null]);
  });
});

function remaining(data: Record<string, unknown>): unknown {
  return (data.status as { exec_info?: { queue_remaining?: number } }).exec_info?.queue_remaining;
}
