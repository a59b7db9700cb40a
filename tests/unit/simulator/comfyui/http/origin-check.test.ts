import { describe, expect, it } from 'vitest';
import { checkOrigin } from '../../../../../simulator/comfyui/http/origin-check.ts';

describe('the origin check', () => {
  it.each([
    ['127.0.0.1:8199', 'http://evil.example', false],
    ['127.0.0.1:8199', 'http://127.0.0.1:5173', false],
    ['127.0.0.1:8199', 'http://localhost:8199', false],
    ['127.0.0.1:8199', 'http://127.0.0.1:8199', true],
    ['127.0.0.1:8199', undefined, true],
    ['127.0.0.1:8199', 'null', true],
    ['127.0.0.1:8199', 'file://', true],
    ['gw.example:9000', 'http://evil.example', true],
    [undefined, 'http://evil.example', true],
    ['LOCALHOST:1', 'HTTP://localhost:1', true],
    ['localhost:9', 'http://localhost', true],
    ['localhost', 'http://localhost:3', true],
    ['[::1]:80', 'http://[::1]:80', true],
    ['[::1]:80', 'http://[::1]:81', false],
    ['127.9.9.9', 'http://evil', false],
    ['10.0.0.1', 'http://evil', true],
  ])('Host %s with Origin %s: allowed is %s', (host, origin, allowed) => {
    expect(checkOrigin(host, origin).allowed).toBe(allowed);
  });

  it('names both sides for the log', () => {
    expect(checkOrigin('127.0.0.1:1', 'http://evil.example:2')).toEqual({
      allowed: false,
      host: '127.0.0.1:1',
      origin: 'evil.example:2',
    });
  });
});
