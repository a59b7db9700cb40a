/** The script that Stoker adds to ComfyUI's page: one entry more in one answer, everything else as ComfyUI sent it. */
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { MOST_REWRITTEN_BYTES } from '../../../engine/gateway/answer-rewrite.ts';
import { closeGatewayHosts, type GatewayHost, startGatewayHost } from '../../support/gateway-host.ts';
import { ask } from '../../support/http-ask.ts';
import { httpAnswer } from '../../support/raw-upstream.ts';

const PATH = '/extensions/stoker/stoker.js';
const content = Buffer.from('export const greeting = "grüße";\n');
const pageScript = { path: PATH, content };

afterEach(closeGatewayHosts);

/** Asks, and answers in ComfyUI's place. @returns what came, and the request as ComfyUI saw it */
async function asked(
  answer: string,
  options: { method?: string; path?: string; headers?: Record<string, string> } = {},
) {
  const host = await startGatewayHost({ pageScript });
  const { path = '/extensions', ...how } = options;
  const coming = ask(`${host.url}${path}`, how);
  const upstream = await host.upstream.connection(0);
  const request = await upstream.until('\r\n\r\n');
  upstream.write(answer);
  return { host, upstream, request, got: await coming };
}

const list = '["/extensions/core/a.js"]';
const listed = ['/extensions/core/a.js', PATH];

describe('the list of extensions', () => {
  it.each(['/extensions', '/api/extensions', '/comfyui/api/extensions', '/extensions?x=1'])(
    '%s has one entry more',
    async (path) => {
      const { got } = await asked(httpAnswer(list, 'ETag: "theirs"\r\nLast-Modified: now\r\nX-Kept: yes\r\n'), {
        path,
      });
      expect(got.status).toBe(200);
      expect(JSON.parse(got.text)).toEqual(listed);
      expect(got.headers['content-length']).toBe(String(got.bytes.length));
      expect([got.headers.etag, got.headers['last-modified'], got.headers['x-kept']]).toEqual([
        undefined,
        undefined,
        'yes',
      ]);
    },
  );

  it('is asked for whole and unencoded', async () => {
    const { request } = await asked(httpAnswer(list), {
      headers: { 'accept-encoding': 'gzip', 'if-none-match': '"theirs"', range: 'bytes=0-3', 'x-kept': 'yes' },
    });
    expect(request).not.toMatch(/gzip|theirs|bytes=/);
    expect(request).toMatch(/x-kept: yes/);
  });

  it('in pieces, chunked, is one list', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n';
    const host = await startGatewayHost({ pageScript });
    const coming = ask(`${host.url}/extensions`);
    const upstream = await host.upstream.connection(0);
    await upstream.until('\r\n\r\n');
    upstream.write(`${head}a\r\n${list.slice(0, 10)}\r\n`);
    upstream.write(`${(list.length - 10).toString(16)}\r\n${list.slice(10)}\r\n0\r\n\r\n`);
    expect(JSON.parse((await coming).text)).toEqual(listed);
  });

  it('of many custom nodes arrives whole', async () => {
    const many = Array.from({ length: 20_000 }, (_, each) => `/extensions/node-${each}/script.js`);
    const { got } = await asked(httpAnswer(JSON.stringify(many)));
    expect(got.bytes.length).toBeGreaterThan(512 * 1024);
    expect(JSON.parse(got.text)).toEqual([...many, PATH]);
  });

  it('answers HEAD without a length that would be another', async () => {
    const { got } = await asked(
      'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 25\r\nETag: "x"\r\n\r\n',
      {
        method: 'HEAD',
      },
    );
    expect([got.status, got.headers['content-length'], got.headers.etag, got.text]).toEqual([
      200,
      undefined,
      undefined,
      '',
    ]);
  });

  it('leaves the connection to ComfyUI usable', async () => {
    const { host, upstream } = await asked(httpAnswer(list));
    const coming = ask(`${host.url}/queue`);
    await upstream.until('GET /queue');
    upstream.write(httpAnswer('{}'));
    expect((await coming).text).toBe('{}');
  });
});

describe('untouched', () => {
  const tooLong = JSON.stringify(['x'.repeat(MOST_REWRITTEN_BYTES)]);
  const gzipped = gzipSync(list).toString('latin1');
  it.each<[string, string, string]>([
    ['an error', httpAnswer(list, '', '500 Internal Server Error'), list],
    ['no list', httpAnswer('{"a":[1, 2]}'), '{"a":[1, 2]}'],
    ['no JSON', httpAnswer('["a",'), '["a",'],
    ['nothing', httpAnswer(''), ''],
    ['what is too long', httpAnswer(tooLong), tooLong],
    [
      'what turns out too long',
      `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${tooLong.length.toString(16)}\r\n${tooLong}\r\n0\r\n\r\n`,
      tooLong,
    ],
    [
      'another type',
      `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${list.length}\r\n\r\n${list}`,
      list,
    ],
    ['what is encoded all the same', httpAnswer(gzipped, 'Content-Encoding: gzip\r\n'), gzipped],
  ])('%s', async (_, answer, body) => {
    const { got } = await asked(answer);
    expect(got.bytes.toString('latin1')).toBe(body);
  });

  it.each(['/extensions/core/a.js', '/extension', '/extensions/', '/object_info'])('%s', async (path) => {
    const { got } = await asked(httpAnswer(list), { path });
    expect(got.text).toBe(list);
  });

  it('POST', async () => {
    const { got } = await asked(httpAnswer(list), { method: 'POST' });
    expect(got.text).toBe(list);
  });

  it('everything where there is no script to add', async () => {
    const host = await startGatewayHost();
    const coming = ask(`${host.url}/extensions`, { headers: { 'accept-encoding': 'gzip' } });
    const upstream = await host.upstream.connection(0);
    expect(await upstream.until('\r\n\r\n')).toContain('gzip');
    upstream.write(httpAnswer(list));
    expect((await coming).text).toBe(list);
  });
});

it('an answer that breaks off is an error, not half a list', async () => {
  const host = await startGatewayHost({ pageScript });
  const coming = ask(`${host.url}/extensions`);
  const upstream = await host.upstream.connection(0);
  await upstream.until('\r\n\r\n');
  upstream.write('HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 25\r\n\r\n["/ext');
  upstream.end();
  const got = await coming;
  expect([got.status, JSON.parse(got.text).error.code]).toEqual([502, 'upstream_unreachable']);
});

describe.each([true, false])('the script, asleep: %s', (asleep) => {
  const start = (): Promise<GatewayHost> => startGatewayHost({ pageScript, asleep });

  it.each([PATH, `/comfyui${PATH}`, `/api${PATH}`, `${PATH}?v=1`])(
    '%s is answered here and wakes nobody',
    async (path) => {
      const host = await start();
      const got = await ask(`${host.url}${path}`);
      expect([got.status, got.bytes.equals(content), got.headers['content-length']]).toEqual([
        200,
        true,
        String(content.length),
      ]);
      expect(got.headers['content-type']).toMatch(/^text\/javascript/);
      expect([host.supervisor.asked, host.upstream.connections.length]).toEqual([[], 0]);
    },
  );

  it('is told unchanged by its tag, and HEAD has no body', async () => {
    const host = await start();
    const { headers } = await ask(`${host.url}${PATH}`);
    const tag = headers.etag ?? '';
    expect(tag).toContain(createHash('sha256').update(content).digest('base64url').slice(0, 22));
    for (const known of [tag, `W/${tag}`, `"other", ${tag}`]) {
      const again = await ask(`${host.url}${PATH}`, { headers: { 'if-none-match': known } });
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', tag]);
    }
    expect((await ask(`${host.url}${PATH}`, { headers: { 'if-none-match': '"other"' } })).status).toBe(200);
    const head = await ask(`${host.url}${PATH}`, { method: 'HEAD' });
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', String(content.length)]);
  });

  it('is not for pages of other sites', async () => {
    const host = await start();
    expect((await ask(`${host.url}${PATH}`, { headers: { origin: 'http://elsewhere.example' } })).status).toBe(403);
  });
});
