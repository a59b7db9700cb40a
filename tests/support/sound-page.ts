/** What every page of the dashboard must be, in any look: no wider than its window, accessible, and without complaints of the browser. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { accessibilityViolations } from './dashboard-browser.ts';

export async function expectSound(page: Page, complaints: readonly string[] = []): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  expect(await accessibilityViolations(page)).toEqual([]);
  expect(complaints).toEqual([]);
}
