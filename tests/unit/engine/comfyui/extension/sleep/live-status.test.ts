/** One event stream for all tabs of a browser: the others hear of it, and one of them takes over. */
import { expect, it } from 'vitest';
import type { Status } from '../../../../../../contract/status.ts';
import { followStatus, type SeenStatus } from '../../../../../../engine/comfyui/extension/sleep/live-status.ts';

/** A browser with one channel and one lock for its tabs. */
function browser() {
  const listeners: { tab: number; listener: (message: unknown) => void }[] = [];
  const turns: { tab: number; begin: () => void; end: () => void }[] = [];
  const streams = new Map<number, { came: (status: Status) => void; broke: (closed: boolean) => void }>();
  const later: (() => void)[] = [];
  let tabs = 0;
  return {
    streams,
    later,
    open(): (string | null)[] {
      const tab = tabs;
      tabs += 1;
      const heard: (string | null)[] = [];
      followStatus(
        {
          openStream(came, broke) {
            streams.set(tab, { came, broke });
            return () => streams.delete(tab);
          },
          channel: {
            // As the real one: never to oneself, and copied.
            post: (message) => {
              for (const other of listeners) if (other.tab !== tab) other.listener(structuredClone(message));
            },
            onMessage: (listener) => listeners.push({ tab, listener }),
          },
          takeTurn(begin, end) {
            turns.push({ tab, begin, end });
            if (turns.length === 1) begin();
          },
          now: () => 42,
          after: (_milliseconds, then) => later.push(then),
        },
        (seen: SeenStatus | null) => heard.push(seen && `${seen.status.state}@${seen.at}`),
      );
      return heard;
    },
    /** The tab whose turn it is goes away. */
    closeFirst() {
      const [gone] = turns.splice(0, 1);
      if (gone === undefined) throw new Error('no tab');
      streams.delete(gone.tab);
      listeners.splice(0, listeners.length, ...listeners.filter(({ tab }) => tab !== gone.tab));
      turns[0]?.begin();
    },
    stepDown: () => turns[0]?.end(),
  };
}
const told = (state: Status['state']) => ({ state }) as Status;

it('ten tabs have one stream, and all hear it; one opened late is told at once', () => {
  const { open, streams } = browser();
  const early = Array.from({ length: 9 }, open);
  streams.get(0)?.came(told('starting'));
  const late = open();
  streams.get(0)?.came(told('running'));
  expect([...streams.keys()]).toEqual([0]);
  // The answer to the late one reaches everybody.
  for (const heard of early) expect([...new Set(heard)]).toEqual(['starting@42', 'running@42']);
  expect(late).toEqual(['starting@42', 'running@42']);
});

it('when the tab that listens is closed, another takes over', () => {
  const { open, streams, closeFirst } = browser();
  open();
  const [second, third] = [open(), open()];
  closeFirst();
  expect([...streams.keys()]).toEqual([1]);
  streams.get(1)?.came(told('stopped'));
  expect([second, third]).toEqual([['stopped@42'], ['stopped@42']]);
});

it('a silent Stoker is told to all, and a stream that ended for good is opened again later', () => {
  const { open, streams, later } = browser();
  const [first, second] = [open(), open()];
  const stream = streams.get(0);
  stream?.broke(false);
  expect([first, second, later.length]).toEqual([[null], [null], 0]);
  stream?.broke(true);
  expect(later).toHaveLength(1);
  later[0]?.();
  expect(streams.get(0)).not.toBe(stream);
});

it('a tab that stepped down opens no stream again', () => {
  const { open, streams, later, stepDown } = browser();
  open();
  streams.get(0)?.broke(true);
  stepDown();
  expect(streams.size).toBe(0);
  later[0]?.();
  expect(streams.size).toBe(0);
});
