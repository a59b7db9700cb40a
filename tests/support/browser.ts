/** A real Chromium for tests: Debian's, by path, without the background traffic that a closed network refuses. */
import { type Browser, chromium } from 'playwright-core';

export const CHROMIUM = process.env.STOKER_TEST_CHROMIUM ?? '/usr/bin/chromium';

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
