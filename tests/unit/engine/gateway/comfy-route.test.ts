import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { destinationOf } from '../../../../engine/gateway/comfy-route.ts';

describe('whom a request target is for', () => {
  it.each([
    ['/', '/', '/', false],
    ['/prompt', '/prompt', '/prompt', false],
    ['/api/prompt?a=1', '/api/prompt?a=1', '/prompt', true],
    ['/comfyui', '/', '/', false],
    ['/comfyui/', '/', '/', false],
    ['/comfyui?x=1', '/?x=1', '/', false],
    ['/comfyui/api/queue', '/api/queue', '/queue', true],
    ['/comfyui/manager/reboot', '/manager/reboot', '/manager/reboot', false],
    ['/comfyui/comfyui/x', '/comfyui/x', '/comfyui/x', false],
    ['/comfyuix', '/comfyuix', '/comfyuix', false],
    ['/api', '/api', '/api', false],
    ['/view?filename=a%2Fb.png&x=..%2f', '/view?filename=a%2Fb.png&x=..%2f', '/view', false],
    ['//queue', '//queue', '//queue', false],
    ['/managers', '/managers', '/managers', false],
    ['/api/manager/reboot', '/api/manager/reboot', '/manager/reboot', true],
    ['/%6danager/stop', '/%6danager/stop', '/%6danager/stop', false],
  ])('%s is ComfyUI’s %s', (url, target, route, isApi) => {
    expect(destinationOf(url)).toEqual({ kind: 'comfyui', received: url, target, route, isApi, authority: null });
  });

  it.each(['/manager', '/manager/', '/manager/status', '/manager?x', '/manager/login?token=abc'])(
    '%s is the manager’s',
    (url) => {
      expect(destinationOf(url)).toEqual({ kind: 'manager', received: url, authority: null });
    },
  );

  it('an absolute target names its host, which is then checked too', () => {
    expect(destinationOf('http://evil.example:80/manager/stop')).toEqual({
      kind: 'manager',
      received: '/manager/stop',
      authority: 'evil.example:80',
    });
    expect(destinationOf('http://127.0.0.1:8188?x=1')).toMatchObject({ target: '/?x=1', authority: '127.0.0.1:8188' });
  });

  it.each(['*', '', 'manager', 'ftp://x/', 'example.com:443'])('"%s" is nobody’s', (url) => {
    expect(destinationOf(url)).toEqual({ kind: 'malformed' });
  });

  it('never changes a byte of what goes on to ComfyUI', () => {
    fc.assert(
      fc.property(fc.webPath(), fc.webQueryParameters(), (path, query) => {
        const url = `/api${path}?${query}`;
        expect(destinationOf(url)).toMatchObject({ kind: 'comfyui', target: url });
      }),
    );
  });
});
