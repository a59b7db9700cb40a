/** Fetches a result that a worker put into storage and names by an address. Only over TLS: a worker must not make Stoker ask this network. */
import { Agent, request } from 'undici';

const SILENCE_MS = 60_000;

export interface ResultDownloads {
  /** Streams the content. Rejects for another scheme, and for any answer but 200. */
  fetch(url: string): Promise<AsyncIterable<Uint8Array>>;
  close(): Promise<void>;
}

export function createResultDownloads(): ResultDownloads {
  const agent = new Agent({ headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });
  return {
    async fetch(url) {
      if (new URL(url).protocol !== 'https:') throw new Error('Its result lies at an address that is not https');
      const { statusCode, body } = await request(url, { dispatcher: agent });
      if (statusCode === 200) return body;
      await body.dump();
      throw new Error(`The storage of its result answered with status ${statusCode}`);
    },
    close: () => agent.destroy(),
  };
}
