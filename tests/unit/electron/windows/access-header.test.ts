/** The access token goes to the engine, and to nobody else. */
import type { Session } from 'electron';
import { expect, test } from 'vitest';
import { sendAccessToken } from '../../../../electron/windows/access-header.ts';

const ENGINE = 'http://192.168.1.5:8188';
type Answer = { requestHeaders?: Record<string, string> };
type Listener = (details: object, answer: (value: Answer) => void) => void;

function headersFor(
  url: string,
  requestHeaders: Record<string, string> = { Accept: '*/*' },
  engine: string | null = ENGINE,
  token: string | null = 'planted-token-0123456789',
): Record<string, string> {
  let listener: Listener | undefined;
  const webRequest = {
    onBeforeSendHeaders: (given: Listener) => {
      listener = given;
    },
  };
  sendAccessToken(
    { webRequest } as unknown as Session,
    () => engine,
    () => token,
  );
  let sent: Record<string, string> = {};
  listener?.({ url, requestHeaders }, (value) => {
    sent = value.requestHeaders ?? requestHeaders;
  });
  return sent;
}

const TOKEN = 'Bearer planted-token-0123456789';

test.each([`${ENGINE}/`, `${ENGINE}/manager/events?topics=status`, 'ws://192.168.1.5:8188/ws?clientId=a'])(
  'the engine gets it: %s',
  (url) => {
    expect(headersFor(url)).toEqual({ Accept: '*/*', Authorization: TOKEN });
  },
);

test.each([
  'https://example.com/',
  'http://192.168.1.5:8189/',
  'http://192.168.1.5/',
  'https://192.168.1.5:8188/',
  'http://192.168.1.5:8188@example.com/',
  'http://example.com/?http://192.168.1.5:8188/',
  'data:text/html,x',
  'devtools://devtools/bundled/inspector.html',
])('others do not: %s', (url) => {
  expect(JSON.stringify(headersFor(url))).not.toContain('planted');
});

test('what the page itself sends as authorisation stays', () => {
  expect(headersFor(`${ENGINE}/`, { authorization: 'Bearer of-a-custom-node' })).toEqual({
    authorization: 'Bearer of-a-custom-node',
  });
});

test('without a token, or without an engine, nothing is added', () => {
  expect(headersFor(`${ENGINE}/`, {}, ENGINE, null)).toEqual({});
  expect(headersFor(`${ENGINE}/`, {}, null)).toEqual({});
});
