/** The browser's side of the live status: the event stream, the channel between tabs, and the lock that gives one of them its turn. */
import { statusEventsPath } from '../stoker-api.ts';
import type { LiveStatusEffects } from './live-status.ts';

const NAME = 'stoker.status';

export const browserTurns: LiveStatusEffects = {
  openStream(came, broke) {
    const stream = new EventSource(statusEventsPath);
    stream.addEventListener('status', (event: MessageEvent<string>) => came(JSON.parse(event.data)));
    stream.addEventListener('error', () => broke(stream.readyState === EventSource.CLOSED));
    return () => stream.close();
  },
  channel: openChannel(),
  takeTurn(begin, end) {
    // Over plain HTTP from another computer a page has no locks: there the tab that is seen listens.
    if (navigator.locks === undefined) {
      const look = (): void => (document.visibilityState === 'visible' ? begin() : end());
      document.addEventListener('visibilitychange', look);
      look();
      return;
    }
    // Held until the tab is closed; then the next one has it.
    void navigator.locks.request(NAME, () => {
      begin();
      return new Promise<never>(() => undefined);
    });
  },
  now: () => Date.now(),
  after: (milliseconds, then) => void setTimeout(then, milliseconds),
};

function openChannel(): LiveStatusEffects['channel'] {
  const channel = new BroadcastChannel(NAME);
  return {
    post: (message) => channel.postMessage(message),
    onMessage: (listener) => channel.addEventListener('message', ({ data }) => listener(data)),
  };
}
