import { expect, test } from 'vitest';
import { isLoopback } from '../../../../engine/platform/loopback.ts';

test.each(['127.0.0.1', '127.1.2.3', '::1', '[::1]', 'localhost', 'LOCALHOST'])('%s is this computer alone', (host) => {
  expect(isLoopback(host)).toBe(true);
});

test.each(['0.0.0.0', '::', '[::]', '192.168.0.2', '127.evil.example', 'localhost.evil.example', ''])(
  '%s is not',
  (host) => {
    expect(isLoopback(host)).toBe(false);
  },
);
