import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { EVENT_NAMES } from '../../../../contract/events.ts';
import type { Status } from '../../../../contract/status.ts';
import { createEventStreams, parseTopics } from '../../../../engine/api/events.ts';
import { createManualClock } from '../../../support/manual-clock.ts';

it('no topics means all of them', () => {
  expect(parseTopics(undefined)).toEqual(new Set(EVENT_NAMES));
  expect(parseTopics('')).toEqual(new Set(EVENT_NAMES));
});

it('keeps the named topics', () => {
  expect(parseTopics('status, gpu')).toEqual(new Set(['status', 'gpu']));
});

it('names the topic that does not exist instead of ignoring it', () => {
  expect(parseTopics('status,vram')).toEqual({ unknown: 'vram' });
});

it('who listens for what is silent now is told at once that it is heard, not only by the first heartbeat', async () => {
  const never = () => () => undefined;
  const streams = createEventStreams({
    clock: createManualClock(),
    status: () => ({}) as Status,
    onStatusChange: never,
    gpu: { snapshot: () => ({ gpus: [], note: null, at: 0, source: 'none' }), watch: never, onReading: never },
    log: { tail: () => [], onLines: never },
    happenings: { onAdd: never },
    promptEnds: { onEnd: never },
  });
  const server = createServer((request, response) => streams.open(request, response, new Set(['happening'])));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(answer.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await answer.body?.cancel();
  } finally {
    streams.close();
    server.close();
  }
});
