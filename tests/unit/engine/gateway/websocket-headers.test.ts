import { expect, it } from 'vitest';
import { dialHeaders, handshakeHead } from '../../../../engine/gateway/websocket-headers.ts';

const received = [
  ['Host', '127.0.0.1:8188'],
  ['Origin', 'http://127.0.0.1:8188'],
  ['Upgrade', 'websocket'],
  ['Connection', 'Upgrade'],
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['Sec-Fetch-Site', 'cross-site'],
  ['Cookie', 'stoker=SECRET; theme=dark'],
  ['Authorization', 'Bearer SECRET'],
  ['User-Agent', 'test'],
].flat();

const withoutToken = (name: 'authorization' | 'cookie', _value: string): string | null =>
  name === 'cookie' ? 'theme=dark' : null;

it('a handshake passes through with the Host and Origin of ComfyUI and without the token of Stoker', () => {
  expect(handshakeHead('/monitor?x=1', received, '127.0.0.1:9000', withoutToken).split('\r\n')).toEqual([
    'GET /monitor?x=1 HTTP/1.1',
    'Host: 127.0.0.1:9000',
    'Origin: http://127.0.0.1:9000',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
    'Cookie: theme=dark',
    'User-Agent: test',
    '',
    '',
  ]);
});

it('ComfyUI hears who a relayed client is, and nothing of the handshake itself', () => {
  expect(dialHeaders(received, withoutToken)).toEqual({ cookie: 'theme=dark', 'user-agent': 'test' });
  expect(dialHeaders(received, null)).toEqual({
    cookie: 'stoker=SECRET; theme=dark',
    authorization: 'Bearer SECRET',
    'user-agent': 'test',
  });
});
