/** One plain HTTP request over node:http, which sends any Host and Origin and gives every header and byte back. */
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';

export interface Asked {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer;
  text: string;
}

export interface AskOptions {
  method?: string;
  headers?: Record<string, string>;
  body?: string | Buffer;
  /** Gives up after so long and rejects with `no answer`. */
  patienceMs?: number;
}

export function ask(url: string, { method = 'GET', headers = {}, body, patienceMs }: AskOptions = {}): Promise<Asked> {
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { 'Content-Length': String(Buffer.byteLength(body)) };
    const request = httpRequest(url, { method, headers: { ...length, ...headers } }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const bytes = Buffer.concat(chunks);
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text: bytes.toString('utf8') });
      });
    });
    if (patienceMs !== undefined) request.setTimeout(patienceMs, () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end(body);
  });
}

/** The body of a GET as JSON. */
export async function askJson<T = unknown>(url: string): Promise<T> {
  return JSON.parse((await ask(url)).text) as T;
}

export function post(url: string, value: unknown, headers: Record<string, string> = {}): Promise<Asked> {
  return ask(url, { method: 'POST', headers, body: JSON.stringify(value) });
}
