import { describe, expect, it } from 'vitest';
import { type AccessFacts, decideAccess } from '../../../../engine/gateway/access.ts';
import { createHostRules } from '../../../../engine/gateway/host-rules.ts';

const hosts = createHostRules({ listenHost: '127.0.0.1', port: 8188, allowedHosts: ['https.example'] });

const facts = (more: Partial<AccessFacts> = {}): AccessFacts => ({
  method: 'GET',
  target: '/',
  hosts: ['127.0.0.1:8188'],
  authority: null,
  origin: undefined,
  secFetchSite: undefined,
  secFetchMode: undefined,
  secFetchDest: undefined,
  isUpgrade: false,
  ...more,
});

/** `ok`, or the code of the refusal. */
function verdict(more: Partial<AccessFacts>, bringsToken: (() => boolean) | null = null): string {
  const decision = decideAccess(facts(more), { hosts, bringsToken });
  return decision.kind === 'allowed' ? 'ok' : decision.code;
}

describe('the name', () => {
  it('a foreign name is refused for reads as well (ComfyUI#12860)', () => {
    expect(verdict({ hosts: ['evil.example:8188'], target: '/manager/status' })).toBe('host_not_allowed');
  });

  it.each([[[]], [['127.0.0.1:8188', 'evil.example']]])('Host fields %j are malformed', (several) => {
    expect(verdict({ hosts: several })).toBe('request_malformed');
  });

  it('a foreign name in an absolute target is refused although Host is ours', () => {
    expect(verdict({ authority: 'evil.example' })).toBe('host_not_allowed');
  });
});

describe('the sender', () => {
  const own = { origin: 'http://127.0.0.1:8188', secFetchSite: 'same-origin' };

  it.each<[string, Partial<AccessFacts>, string]>([
    ['a program without a browser', { method: 'POST', target: '/prompt' }, 'ok'],
    ['our own page', { method: 'POST', target: '/api/prompt', ...own }, 'ok'],
    ['our own page’s socket', { isUpgrade: true, target: '/ws', ...own }, 'ok'],
    ['our page under its other name', { method: 'POST', origin: 'http://localhost:8188' }, 'ok'],
    ['the address bar', { secFetchSite: 'none', secFetchMode: 'navigate', secFetchDest: 'document' }, 'ok'],
    ['a page the user listed', { method: 'POST', origin: 'https://https.example', secFetchSite: 'cross-site' }, 'ok'],
    ['a picture shown by a local program', { target: '/view?filename=a.png', secFetchSite: 'same-site' }, 'ok'],
    [
      'CVE-2024-10481: a form of another site',
      { method: 'POST', target: '/prompt', origin: 'http://evil.example', secFetchSite: 'cross-site' },
      'origin_not_allowed',
    ],
    [
      'the same from a browser that says only Origin',
      { method: 'POST', target: '/prompt', origin: 'http://evil.example' },
      'origin_not_allowed',
    ],
    [
      'the same from a browser that says only where it comes from',
      { method: 'POST', target: '/prompt', secFetchSite: 'cross-site' },
      'origin_not_allowed',
    ],
    ['CVE-2026-56674: Origin null', { method: 'POST', target: '/manager/stop', origin: 'null' }, 'origin_not_allowed'],
    [
      'another program’s page on this computer',
      { method: 'POST', target: '/free', origin: 'http://127.0.0.1:5173', secFetchSite: 'same-site' },
      'origin_not_allowed',
    ],
    ['the same without Origin', { method: 'POST', target: '/free', secFetchSite: 'same-site' }, 'origin_not_allowed'],
    [
      'a socket of another site',
      { isUpgrade: true, target: '/ws', origin: 'https://evil.example' },
      'origin_not_allowed',
    ],
    ['a socket of an unnamed origin', { isUpgrade: true, target: '/ws', origin: 'null' }, 'origin_not_allowed'],
    [
      'a picture element of another site that would wake the GPU',
      { target: '/view?filename=a.png', secFetchSite: 'cross-site', secFetchMode: 'no-cors', secFetchDest: 'image' },
      'origin_not_allowed',
    ],
    ['a made-up site', { secFetchSite: 'same-origin, cross-site' }, 'origin_not_allowed'],
  ])('%s', (_who, more, expected) => {
    expect(verdict(more)).toBe(expected);
  });

  const link = { secFetchSite: 'cross-site', secFetchMode: 'navigate', secFetchDest: 'document' };

  it.each(['/', '/?workflow=1', '/comfyui/', '/view?filename=a.png', '/manager', '/manager/logs'])(
    'a link on another site may lead to %s',
    (target) => {
      expect(verdict({ ...link, target })).toBe('ok');
    },
  );

  it.each(['/api/manager/reboot', '/comfyui/manager/reboot', '/customnode/install', '/interrupt'])(
    'but not to %s, which may change something',
    (target) => {
      expect(verdict({ ...link, target })).toBe('origin_not_allowed');
    },
  );

  it('nor into a frame, where it could be clicked blindly', () => {
    expect(verdict({ ...link, target: '/', secFetchDest: 'iframe' })).toBe('origin_not_allowed');
  });
});

describe('the token', () => {
  it('is asked for when one is set', () => {
    expect(verdict({}, () => false)).toBe('token_required');
    expect(verdict({}, () => true)).toBe('ok');
  });

  it('the login brings it itself', () => {
    expect(verdict({ target: '/manager/login?token=x' }, () => false)).toBe('ok');
    expect(verdict({ target: '/manager/login/../stop' }, () => false)).toBe('token_required');
    expect(verdict({ target: '/manager/login', method: 'POST' }, () => false)).toBe('token_required');
  });

  it('does not help a foreign page or name', () => {
    expect(verdict({ hosts: ['evil.example'] }, () => true)).toBe('host_not_allowed');
    expect(verdict({ method: 'POST', origin: 'http://evil.example' }, () => true)).toBe('origin_not_allowed');
  });
});
