import { describe, expect, it } from 'vitest';
import { createHostRules } from '../../../../engine/gateway/host-rules.ts';

const local = createHostRules({ listenHost: '127.0.0.1', port: 8188, allowedHosts: [] });

describe('names on loopback', () => {
  it.each(['127.0.0.1:8188', 'localhost:8188', 'LOCALHOST:8188', '[::1]:8188'])('answers to %s', (host) => {
    expect(local.allowsHost(host)).toBe(true);
  });

  it.each([
    'evil.example:8188',
    'evil.example',
    // Names that resolve to this computer, and tricks with names that are allowed.
    'localtest.me:8188',
    '127.0.0.1.nip.io:8188',
    'localhost.evil.example:8188',
    'evil.example#localhost:8188',
    'localhost:8188@evil.example',
    '127.0.0.1:9999',
    'localhost',
    '192.168.1.5:8188',
    '0.0.0.0:8188',
    '[::]:8188',
    '[::ffff:127.0.0.1]:8188',
    '2130706433:8188',
    '',
    ' 127.0.0.1:8188',
    '127.0.0.1:8188, evil.example',
  ])('DNS rebinding (CVE-2024-28224): does not answer to "%s"', (host) => {
    expect(local.allowsHost(host)).toBe(false);
  });

  it('needs no port in the name on port 80', () => {
    expect(createHostRules({ listenHost: '127.0.0.1', port: 80, allowedHosts: [] }).allowsHost('localhost')).toBe(true);
  });
});

describe('names the user allows', () => {
  const rules = createHostRules({
    listenHost: '127.0.0.1',
    port: 8188,
    allowedHosts: ['Comfy.example', 'localhost:9000'],
  });

  it.each(['comfy.example', 'comfy.example:8188', 'COMFY.example:30443', 'localhost:9000'])('answers to %s', (host) => {
    expect(rules.allowsHost(host)).toBe(true);
  });

  it('a listed port is that port alone', () => {
    expect(rules.allowsHost('localhost:9001')).toBe(false);
  });

  it.each(['https://comfy.example', 'http://comfy.example:8188', 'http://localhost:9000'])(
    'lets pages of %s in (ComfyUI#4854, sdfx#33)',
    (origin) => {
      expect(rules.listsOrigin(origin)).toBe(true);
    },
  );

  it('another program on the same computer is not that page', () => {
    expect(rules.allowsOrigin('http://comfy.example:5173', '127.0.0.1:8188')).toBe(false);
  });
});

describe('beyond this computer', () => {
  const rules = createHostRules({ listenHost: '0.0.0.0', port: 8188, allowedHosts: [] });

  it.each(['192.168.1.5:8188', '192.168.1.5:9188', '[fd00::1]:8188'])('a number cannot be rebound: %s', (host) => {
    expect(rules.allowsHost(host)).toBe(true);
  });

  it('a name can', () => {
    expect(rules.allowsHost('box.lan:8188')).toBe(false);
  });

  it('a page on another port of the same number is another page', () => {
    expect(rules.allowsOrigin('http://192.168.1.5:3000', '192.168.1.5:8188')).toBe(false);
    expect(rules.allowsOrigin('http://192.168.1.5:8188', '192.168.1.5:8188')).toBe(true);
  });
});

describe('origins', () => {
  it.each(['http://127.0.0.1:8188', 'http://localhost:8188', 'http://[::1]:8188'])('%s is our own page', (origin) => {
    expect(local.allowsOrigin(origin, '127.0.0.1:8188')).toBe(true);
  });

  it.each([
    'null',
    'http://evil.example',
    'http://127.0.0.1:5173',
    'http://localhost',
    'https://127.0.0.1:8188.evil.example',
    'http://127.0.0.1:8188@evil.example',
    'file://',
    'chrome-extension://abcdefgh',
    '',
    'http://127.0.0.1:8188/',
    'http://127.0.0.1:8188 http://evil.example',
  ])('"%s" is not', (origin) => {
    expect(local.allowsOrigin(origin, '127.0.0.1:8188')).toBe(false);
  });

  it('the usual port may be written into Host by a proxy and left out by the browser', () => {
    const rules = createHostRules({ listenHost: '127.0.0.1', port: 8188, allowedHosts: ['comfy.example'] });
    expect(rules.allowsOrigin('https://comfy.example', 'comfy.example:443')).toBe(true);
  });
});
