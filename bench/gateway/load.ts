/** Load on one address: wrk for small answers, a plain socket for large ones. */
import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';

export interface LoadFigures {
  readonly requestsPerSecond: number;
  readonly p99Ms: number;
}

const UNITS: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000 };

/** @param wrk path of the program */
export async function loadWith(
  wrk: string,
  port: number,
  connections: number,
  seconds: number,
  path = '/system_stats',
): Promise<LoadFigures> {
  const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '--latency', `http://127.0.0.1:${port}${path}`];
  const { stdout } = await promisify(execFile)(wrk, args);
  const rate = /Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1];
  const [, p99, unit] = /99%\s+([\d.]+)(us|ms|s)/.exec(stdout) ?? [];
  const failures = /Socket errors:.*|Non-2xx or 3xx responses:.*/.exec(stdout)?.[0];
  if (rate === undefined || p99 === undefined || unit === undefined) throw new Error(`wrk printed: ${stdout}`);
  if (failures !== undefined) throw new Error(`requests failed: ${failures}`);
  return { requestsPerSecond: Number(rate), p99Ms: Number(p99) * (UNITS[unit] ?? Number.NaN) };
}

const readBuffer = Buffer.allocUnsafeSlow(1024 * 1024);

/** Reads `bytes` of body from the upstream's `/big`. @returns bytes per second, from the request to the last byte */
export function download(port: number, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    let received = 0;
    const startedAt = performance.now();
    const socket = connect({
      host: '127.0.0.1',
      port,
      onread: {
        buffer: readBuffer,
        callback(count) {
          received += count;
          // The head is a few hundred bytes more.
          if (received >= bytes) {
            socket.destroy();
            resolve(received / ((performance.now() - startedAt) / 1000));
          }
          return true;
        },
      },
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`the body ended after ${received} bytes`)));
    socket.write(`GET /big?bytes=${bytes} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n\r\n`);
  });
}

const piece = Buffer.alloc(1024 * 1024, 'x');

/** Sends `bytes` as one request body. @returns bytes per second, from the first byte to the answer */
export function upload(port: number, bytes: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const startedAt = performance.now();
    const socket = connect({ host: '127.0.0.1', port });
    let left = bytes;
    const go = (): void => {
      while (left > 0) {
        const size = Math.min(left, piece.length);
        left -= size;
        if (!socket.write(piece.subarray(0, size))) {
          socket.once('drain', go);
          return;
        }
      }
    };
    socket.on('error', reject);
    socket.once('data', () => {
      socket.destroy();
      resolve(bytes / ((performance.now() - startedAt) / 1000));
    });
    socket.write(`POST /upload HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Length: ${bytes}\r\n\r\n`);
    go();
  });
}
