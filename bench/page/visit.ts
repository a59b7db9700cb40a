/** One visit of ComfyUI's page in a real Chromium: when it was loaded, when one could work in it, and what it moved. */
import type { BrowserContext } from 'playwright-core';

export interface Visit {
  /** From asking for the page to the load event of ComfyUI's own page, in ms; a waiting page before it counts as waiting. */
  readonly loadMs: number;
  /** Until nodes can be added, in ms. */
  readonly catalogueMs: number;
  /** Over the wire, heads and bodies, in bytes. */
  readonly bytes: number;
  readonly requests: number;
}

const LIMIT_MS = 120_000;

/** @param url of the page @param context new for a first visit, used for one with a filled cache */
export async function visit(context: BrowserContext, url: string): Promise<Visit> {
  const page = await context.newPage();
  const wire = await context.newCDPSession(page);
  let [bytes, requests] = [0, 0];
  wire.on('Network.loadingFinished', ({ encodedDataLength }) => {
    bytes += encodedDataLength;
    requests += 1;
  });
  await wire.send('Network.enable');
  const askedAt = Date.now();
  await page.goto(url, { waitUntil: 'commit', timeout: LIMIT_MS });
  // Polled by the frame, which a reload from the waiting page replaces.
  const registeredAt = await page
    .waitForFunction(
      () => {
        const { LiteGraph } = window as unknown as { LiteGraph?: { registered_node_types?: Record<string, unknown> } };
        return LiteGraph?.registered_node_types?.SaveImage === undefined ? null : Date.now();
      },
      null,
      { timeout: LIMIT_MS, polling: 20 },
    )
    .then((handle) => handle.jsonValue());
  const loadedAt = await page
    .waitForFunction(
      () => {
        const [entry] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
        return entry !== undefined && entry.loadEventEnd > 0 ? performance.timeOrigin + entry.loadEventEnd : null;
      },
      null,
      { timeout: LIMIT_MS },
    )
    .then((handle) => handle.jsonValue());
  await page.close();
  return {
    loadMs: (loadedAt ?? Number.NaN) - askedAt,
    catalogueMs: (registeredAt ?? Number.NaN) - askedAt,
    bytes,
    requests,
  };
}
