/** Fetches a result that a worker put into storage and names by an address. Only over TLS: a worker must not make Stoker ask this network. */
import { Agent, request } from 'undici';

const SILENCE_MS = 60_000;

/** @returns a function that streams the content; it rejects for another scheme, and for any answer but 200 */
export function createResultDownloads(): (url: string) => Promise<AsyncIterable<Uint8Array>> {
  const agent = new Agent({ headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });
  return async (url) => {
    if (new URL(url).protocol !== 'https:') throw new Error('a result lies at an address that is not https');
    const { statusCode, body } = await request(url, { dispatcher: agent });
    if (statusCode === 200) return body;
    await body.dump();
    throw new Error(`the storage answered with status ${statusCode}`);
  };
}
