/**
 * How Stoker is, live, over one event stream for all tabs of the browser: it opens six connections to one address, and ComfyUI's page needs
 * them. The tab whose turn it is listens and tells the others. Shows nothing.
 */
import type { Status } from '../../../../contract/status.ts';

export interface SeenStatus {
  readonly status: Status;
  /** When it came, epoch milliseconds of this browser. */
  readonly at: number;
}

/** Null: Stoker does not answer. */
type Told = SeenStatus | null;
type Message = { readonly kind: 'ask' } | { readonly kind: 'tell'; readonly told: Told };

export interface LiveStatusEffects {
  /** @param broke `closed` when it does not mend by itself @returns what closes it */
  openStream(came: (status: Status) => void, broke: (closed: boolean) => void): () => void;
  /** Of all tabs of this browser at this address. */
  readonly channel: { post(message: unknown): void; onMessage(listener: (message: unknown) => void): void };
  /** @param begin when it is this tab's turn to listen @param end when it is no longer */
  takeTurn(begin: () => void, end: () => void): void;
  readonly now: () => number;
  after(milliseconds: number, then: () => void): void;
}

const LISTEN_AGAIN_MS = 5000;

/** @param told with every status, and null when Stoker has fallen silent */
export function followStatus(effects: LiveStatusEffects, told: (seen: Told) => void): void {
  const { channel } = effects;
  let last: Told | undefined;
  let closeStream: (() => void) | null = null;
  let isListening = false;

  function hear(seen: Told): void {
    last = seen;
    told(seen);
  }

  function tell(seen: Told): void {
    channel.post({ kind: 'tell', told: seen } satisfies Message);
    hear(seen);
  }

  function listen(): void {
    if (!isListening) return;
    closeStream?.();
    closeStream = effects.openStream(
      (status) => tell({ status, at: effects.now() }),
      (closed) => {
        tell(null);
        if (closed) effects.after(LISTEN_AGAIN_MS, listen);
      },
    );
  }

  channel.onMessage((data) => {
    const message = data as Message;
    if (message.kind === 'tell') hear(message.told);
    else if (isListening && last !== undefined) channel.post({ kind: 'tell', told: last } satisfies Message);
  });
  effects.takeTurn(
    () => {
      isListening = true;
      listen();
    },
    () => {
      isListening = false;
      closeStream?.();
      closeStream = null;
    },
  );
  channel.post({ kind: 'ask' } satisfies Message);
}
