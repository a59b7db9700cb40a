import { describe, expect, it } from 'vitest';
import { upgradeTarget } from '../../../../engine/gateway/websocket-upgrade.ts';

describe('where a WebSocket goes', () => {
  it.each([
    ['/ws', ''],
    ['/ws?clientId=abc', 'abc'],
    ['/api/ws?clientId=a%20b&x=1', 'a b'],
    ['/comfyui/ws?clientId=abc', 'abc'],
    ['/comfyui/api/ws', ''],
    ['/ws?clientId=', ''],
    ['/ws?clientId=first&clientId=second', 'first'],
    ['http://127.0.0.1:8188/ws?clientId=abc', 'abc'],
  ])('%s is relayed', (url, clientId) => {
    expect(upgradeTarget(url)).toMatchObject({ kind: 'relay', clientId });
  });

  it.each([
    ['/crystools/monitor?x=1', '/crystools/monitor?x=1'],
    ['/comfyui/crystools', '/crystools'],
    ['/ws/', '/ws/'],
    ['/wsx', '/wsx'],
    ['/managerial', '/managerial'],
    ['/comfyui/manager/socket', '/manager/socket'],
  ])('%s passes through to ComfyUI as %s', (url, path) => {
    expect(upgradeTarget(url)).toEqual({ kind: 'tunnel', path });
  });

  it.each(['/manager', '/manager/events?x', '*', ''])('%s is nowhere', (url) => {
    expect(upgradeTarget(url).kind).toBe('none');
  });
});
