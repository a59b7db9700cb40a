/** Suites: unit (pure and fast), integration (real processes and sockets), browser (real Chromium), electron (the shell on a real Electron), packages (what `npm run dist` makes); soak runs on request alone. */
import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const shared = {
  environment: 'node',
  pool: 'forks',
  setupFiles: ['tests/support/property-seed.ts'],
  // What comes late on a busy machine is not a fault; the second of the default would be an assertion on the clock.
  expect: { poll: { timeout: 45_000 } },
  // vitest would leave one processor free, and on a computer with two run one file after the other; most tests wait for processes.
  maxWorkers: Math.max(2, availableParallelism() - 1),
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          ...shared,
          name: 'unit',
          include: ['tests/unit/**/*.test.{ts,tsx}'],
          // Property tests on a busy machine take longer than the five seconds of the default.
          testTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          globalSetup: ['tests/support/build-once.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          ...shared,
          name: 'soak',
          include: ['tests/soak/**/*.test.ts'],
          globalSetup: ['tests/support/build-once.ts'],
        },
      },
      {
        test: {
          ...shared,
          name: 'browser',
          include: ['tests/e2e/browser/**/*.test.ts'],
          globalSetup: ['tests/support/build-once.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'electron',
          include: ['tests/e2e/electron/**/*.test.ts'],
          globalSetup: ['tests/support/build-once.ts'],
          testTimeout: 240_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          ...shared,
          name: 'packages',
          include: ['tests/e2e/packages/**/*.test.ts'],
          testTimeout: 600_000,
          hookTimeout: 900_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
