/** Idle stop, keep awake and freeing over real ComfyUI processes, with prompts that really run. */
import { afterEach, describe, expect, it } from 'vitest';
import { closeEngineRooms, type EngineRoom, openEngineRoom } from '../../support/engine-room.ts';
import { connectSocket, cutSocketClients } from '../../support/socket-client.ts';
import { until } from '../../support/until.ts';
import { workflow } from '../../support/workflows.ts';

afterEach(async () => {
  cutSocketClients();
  await closeEngineRooms();
});

const stopsOf = (room: EngineRoom): string[] =>
  room.transitions.flatMap(({ to }) => (to.kind === 'stopping' ? [to.reason] : []));

describe('an idle ComfyUI', () => {
  it('is stopped once; an open tab that reconnects does not keep the card busy (sablier#402)', async () => {
    const room = await openEngineRoom();
    room.setIdle({ stopAfterSeconds: 1 });
    const tab = await connectSocket(`${room.url}/ws?clientId=tab`);
    await room.submit(workflow('minimal'), 'tab');
    let reconnects = 0;
    while (room.supervisor.state().kind !== 'stopped') {
      const other = await connectSocket(`${room.url}/ws?clientId=reconnecting`);
      other.socket.close();
      await other.closed();
      reconnects += 1;
    }
    expect(reconnects).toBeGreaterThan(3);
    expect(stopsOf(room)).toEqual(['idle']);
    expect(tab.closedWith).toBeNull();
  });

  it('is not stopped while a prompt runs that nobody watches (llama-swap#588, ComfyUI#5433)', async () => {
    const room = await openEngineRoom();
    room.setIdle({ stopAfterSeconds: 1 });
    const { promptId } = await room.submit(workflow('slow_progress_10s', { '2.seconds': 2.5 }));
    await room.reach('stopped');
    expect(room.queue.lastKnownHistory()).toMatchObject({ [promptId]: { status: { status_str: 'success' } } });
    expect(stopsOf(room)).toEqual(['idle']);
  });

  it('a prompt that comes at the moment of the stop is run, whichever is first', async () => {
    const room = await openEngineRoom();
    room.setIdle({ stopAfterSeconds: 1 });
    const tab = await connectSocket(`${room.url}/ws?clientId=tab`);
    const done = (): number => tab.types().filter((type) => type === 'execution_success').length;
    await room.submit(workflow('minimal', { '1.color': 1 }), 'tab');
    await until(() => done() === 1);
    for (let round = 2; round <= 6; round += 1) {
      const { stopsAt } = room.idle.status();
      const wait = stopsAt === null ? 1000 : Date.parse(stopsAt) - Date.now();
      // From before the decision, through the question to ComfyUI, to the middle of its end.
      await new Promise((resume) => setTimeout(resume, wait - 8 + round * 4));
      const { status } = await room.submit(workflow('minimal', { '1.color': round }), 'tab');
      expect(status).toBe(200);
      await until(() => done() === round);
    }
    await room.reach('stopped');
    expect(tab.closedWith).toBeNull();
  });

  it('is asked to free its VRAM first, then stopped', async () => {
    const room = await openEngineRoom();
    await room.submit(workflow('minimal'));
    room.setIdle({ freeAfterSeconds: 1, stopAfterSeconds: 2 });
    await until(() => room.idle.status().freed);
    expect(room.supervisor.state().kind).toBe('running');
    await room.reach('stopped');
  });

  it('is kept awake, then sleeps', async () => {
    const room = await openEngineRoom();
    await room.supervisor.ensureRunning('user');
    const until = Date.now() + 2500;
    room.idle.keepAwake(until);
    room.setIdle({ stopAfterSeconds: 1 });
    expect(room.idle.status().blockedBy).toContain('keepAwake');
    await room.reach('stopped');
    const stopping = room.transitions.find(({ to }) => to.kind === 'stopping');
    expect(stopping?.at).toBeGreaterThanOrEqual(until);
  });

  it('stops when its queue is done, with the last picture in the history', async () => {
    const room = await openEngineRoom();
    const { promptId } = await room.submit(workflow('slow_progress_10s', { '2.seconds': 1 }));
    room.idle.stopWhenDone(true);
    await room.reach('stopped');
    expect(stopsOf(room)).toEqual(['queueDone']);
    expect(room.queue.lastKnownHistory()).toMatchObject({ [promptId]: { status: { status_str: 'success' } } });
  });

  it('that is frozen by a node is not stopped for it: a queue nobody knows is no empty queue', async () => {
    const room = await openEngineRoom();
    const { promptId } = await room.submit(workflow('minimal'));
    await until(() => promptId in room.queue.lastKnownHistory());
    await room.post('/sim/hang');
    room.queue.expectChange();
    room.setIdle({ stopAfterSeconds: 1 });
    // Time has to pass in which the stop could happen.
    await new Promise((resume) => setTimeout(resume, 1500));
    expect(room.supervisor.state().kind).toBe('running');
    expect(room.idle.status().blockedBy).toEqual(['queueUnknown']);
    await room.post('/sim/unhang');
    await room.reach('stopped');
  });
});
