import { describe, expect, it } from 'vitest';
import { empty } from '../../../../../simulator/comfyui/http/reply.ts';
import { createRouteTable, type Method, type Route } from '../../../../../simulator/comfyui/http/route-table.ts';

const route = (method: Method, path: string, more: Partial<Route> = {}): Route => ({
  method,
  path,
  handle: () => empty(200),
  ...more,
});
const table = createRouteTable([
  route('GET', '/queue'),
  route('POST', '/queue'),
  route('GET', '/history/{prompt_id}'),
  route('POST', '/userdata/{file}/move/{dest}'),
  route('GET', '/internal/logs', { underApi: false }),
]);

describe('a route table', () => {
  it.each([
    ['GET', '/queue', 'handler'],
    ['HEAD', '/queue', 'handler'],
    ['GET', '/api/queue', 'handler'],
    ['GET', '/history/a', 'handler'],
    ['GET', '/api/history/a', 'handler'],
    ['DELETE', '/queue', 'otherMethods'],
    ['GET', '/queue/', 'nothing'],
    ['GET', '/history/', 'nothing'],
    ['GET', '/history/a/b', 'nothing'],
    ['GET', '/api/internal/logs', 'nothing'],
  ])('%s %s finds: %s', (method, path, found) => {
    expect(table.match(method, path).found).toBe(found);
  });

  it('decodes parameters after matching, so that an encoded slash stays in its segment', () => {
    expect(table.match('POST', '/userdata/a%2Fb.json/move/c%20d')).toMatchObject({
      parameters: { file: 'a/b.json', dest: 'c d' },
    });
  });

  it('takes what cannot be decoded as it is', () => {
    expect(table.match('GET', '/history/%zz')).toMatchObject({ parameters: { prompt_id: '%zz' } });
  });

  it('names the methods of a path', () => {
    const match = table.match('PUT', '/queue');
    expect(match.found === 'otherMethods' && [...match.allowed].sort()).toEqual(['GET', 'HEAD', 'POST']);
  });
});
