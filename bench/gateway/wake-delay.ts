/** From the moment ComfyUI is known to answer to the moment a held request has its answer: the gateway's part of waking. */
import { request } from 'node:http';
import type { GatewayOrder } from '../gateway-process.ts';
import type { ListeningProcess } from './process.ts';

/** Long enough for the request to be held. */
const SETTLE_MS = 50;

/** @returns ms */
export async function wakeDelay(gateway: ListeningProcess): Promise<number> {
  tell(gateway, 'sleep');
  await pause();
  const answered = post(gateway.port);
  await pause();
  const wokenAt = performance.now();
  tell(gateway, 'wake');
  await answered;
  return performance.now() - wokenAt;
}

function tell(gateway: ListeningProcess, order: GatewayOrder): void {
  gateway.child.send(order);
}

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, SETTLE_MS));

function post(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const outgoing = request({ host: '127.0.0.1', port, path: '/prompt', method: 'POST', agent: false }, (response) => {
      response.resume();
      response.on('end', resolve);
    });
    outgoing.on('error', reject);
    outgoing.end('{}');
  });
}
