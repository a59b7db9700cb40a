/** One TCP connection by hand: exact bytes out, exact bytes in. For both ends of the gateway in tests. */
import { connect, type Socket } from 'node:net';

export interface RawPeer {
  readonly socket: Socket;
  /** Everything received so far, as latin1. */
  text(): string;
  /** Resolves with everything received once it matches; rejects when the connection ends without. */
  until(wanted: string | RegExp): Promise<string>;
  /** Resolves when the other side has ended or cut the connection; tells whether it was cut (RST). */
  ended(): Promise<'closed' | 'reset'>;
  /** Strings are written as latin1. */
  write(bytes: string | Buffer): void;
  /** Nothing more is read until `read`. */
  stopReading(): void;
  read(): void;
  /** A whole HTTP answer with Content-Length in between: resolves when it is there, and forgets it. */
  answer(): Promise<RawAnswer>;
  end(): void;
  /** Ends with RST, as a process that was killed. */
  reset(): void;
}

export interface RawAnswer {
  readonly status: number;
  readonly head: string;
  readonly body: string;
}

export function rawPeer(socket: Socket): RawPeer {
  let chunks: Buffer[] = [];
  let end: 'closed' | 'reset' | null = null;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const check of [...waiting]) check();
  };
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    wake();
  });
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') end = 'reset';
  });
  socket.on('end', () => {
    end ??= 'closed';
    wake();
  });
  socket.on('close', () => {
    end ??= 'closed';
    wake();
  });

  const text = (): string => Buffer.concat(chunks).toString('latin1');

  /** Resolves with the first value that `look` gives. */
  function first<Value>(look: () => Value | null, unless: () => string | null): Promise<Value> {
    return new Promise((resolve, reject) => {
      const check = (): void => {
        const value = look();
        const problem = value === null ? unless() : null;
        if (value === null && problem === null) return;
        waiting.delete(check);
        if (value !== null) resolve(value);
        else reject(new Error(problem ?? ''));
      };
      waiting.add(check);
      check();
    });
  }

  return {
    socket,
    text,
    until: (wanted) =>
      first(
        () => {
          const all = text();
          return (typeof wanted === 'string' ? all.includes(wanted) : wanted.test(all)) ? all : null;
        },
        () => (end === null ? null : `the connection ended before ${wanted} came; received:\n${text()}`),
      ),
    ended: () =>
      first(
        () => end,
        () => null,
      ),
    write: (bytes) => socket.write(bytes, 'latin1'),
    stopReading: () => socket.pause(),
    read: () => socket.resume(),
    async answer() {
      const found = await first(
        () => wholeAnswer(text()),
        () => (end === null ? null : `the connection ended before a whole answer came; received:\n${text()}`),
      );
      chunks = [Buffer.from(text().slice(found.length), 'latin1')];
      return found.answer;
    },
    end: () => socket.end(),
    reset: () => socket.resetAndDestroy(),
  };
}

export function connectRaw(port: number): RawPeer {
  return rawPeer(connect({ host: '127.0.0.1', port, noDelay: true }));
}

function wholeAnswer(text: string): { answer: RawAnswer; length: number } | null {
  const headEnd = text.indexOf('\r\n\r\n');
  if (headEnd === -1) return null;
  const head = text.slice(0, headEnd);
  const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
  const end = headEnd + 4 + length;
  if (text.length < end) return null;
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(head)?.[1]);
  return { answer: { status, head, body: text.slice(headEnd + 4, end) }, length: end };
}
