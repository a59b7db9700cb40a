/**
 * Edges of the HTTP contract that the recording does not hold, observed on ComfyUI 0.3.64 and asserted of both: methods and
 * paths, Host and Origin, bodies of the wrong kind, validation.
 */
import { describe, expect, it } from 'vitest';
import { describeEither } from '../../support/either-comfyui.ts';
import { ask, post } from '../../support/http-ask.ts';

describeEither('details of the contract', (comfyui) => {
  const at = (path: string) => `${comfyui().url}${path}`;

  describe('methods and paths', () => {
    it.each([
      ['POST', '/nope', 405, 'GET,HEAD'],
      ['POST', '/system_stats', 405, 'GET,HEAD'],
      ['DELETE', '/queue', 405, 'GET,HEAD,POST'],
    ])('%s %s is %i with Allow: %s', async (method, path, status, allow) => {
      const answer = await ask(at(path), { method });
      expect([answer.status, answer.headers.allow, answer.text]).toEqual([status, allow, '405: Method Not Allowed']);
    });

    it('answers OPTIONS of any path with an empty 200', async () => {
      const answer = await ask(at('/nope'), { method: 'OPTIONS' });
      expect([answer.status, answer.headers['content-length']]).toEqual([200, '0']);
    });

    it('has no /api form of the internal routes', async () => {
      expect((await ask(at('/api/internal/logs'))).status).toBe(404);
    });

    it('asks for an upgrade at /ws', async () => {
      const answer = await ask(at('/ws'));
      expect([answer.status, answer.text]).toEqual([
        400,
        'No WebSocket UPGRADE hdr: None\n Can "Upgrade" only to "WebSocket".',
      ]);
    });

    it('gives HEAD the headers of GET', async () => {
      const head = await ask(at('/queue'), { method: 'HEAD' });
      expect([head.status, head.headers['content-length'], head.bytes.length]).toEqual([200, '42', 0]);
    });
  });

  describe('the origin check', () => {
    it.each([
      ['localhost:9', 'http://localhost', 200],
      ['localhost', 'http://localhost:3', 200],
      ['[::1]:80', 'http://[::1]:80', 200],
      ['[::1]:80', 'http://[::1]:81', 403],
      ['127.0.0.1:1', 'https://127.0.0.1:1', 200],
      ['127.0.0.1:1', 'null', 200],
      ['127.0.0.1:1', 'file://', 200],
      ['127.0.0.1:1', 'http://localhost:1', 403],
      ['gw.example:9000', 'http://evil.example', 200],
    ])('Host %s with Origin %s is %i', async (host, origin, status) => {
      expect((await ask(at('/prompt'), { headers: { Host: host, Origin: origin } })).status).toBe(status);
    });

    it('ignores Sec-Fetch-Site', async () => {
      expect((await ask(at('/prompt'), { headers: { 'Sec-Fetch-Site': 'cross-site' } })).status).toBe(200);
    });
  });

  describe('bodies that are JSON but no object', () => {
    it.each([
      ['/interrupt', '[]', 500],
      ['/interrupt', '5', 500],
      ['/queue', '[]', 200],
      ['/queue', '{"delete":"abc"}', 200],
      ['/free', '[]', 500],
      ['/prompt', '5', 500],
      ['/prompt', '{"prompt":"abc"}', 500],
      ['/prompt', '{"prompt":{"1":5}}', 500],
    ])('POST %s %s is %i', async (path, body, status) => {
      expect((await ask(at(path), { method: 'POST', body })).status).toBe(status);
    });
  });

  describe('validation', () => {
    const node = (class_type: string, inputs: unknown) => ({ class_type, inputs });
    const submit = async (prompt: Record<string, unknown>) =>
      JSON.parse((await post(at('/prompt'), { prompt })).text) as {
        error: { type: string; details: string };
        node_errors: Record<string, { errors: { type: string; details: string }[] }>;
      };

    it('names every input that cannot be converted', async () => {
      const inputs = { width: 'abc', height: [1], batch_size: null, color: '12' };
      const images = node('SaveImage', { images: ['1', 0], filename_prefix: 'x' });
      const { node_errors } = await submit({ 1: node('EmptyImage', inputs), 2: images });
      const faults = node_errors['1']?.errors.map(({ type, details }) => `${type}: ${details}`).sort();
      expect(faults).toEqual([
        'bad_linked_input: height',
        "invalid_input_type: batch_size, None, int() argument must be a string, a bytes-like object or a real number, not 'NoneType'",
        "invalid_input_type: width, abc, invalid literal for int() with base 10: 'abc'",
      ]);
    });

    it('says of an output what its inputs lack', async () => {
      const { error } = await submit({ 1: node('SaveImage', {}) });
      expect(error.details.split('\n').sort()).toEqual([
        'Required input is missing: filename_prefix',
        'Required input is missing: images',
      ]);
    });

    it('refuses a link to an output of another type', async () => {
      const load = node('LoadImage', { image: 'a' });
      const { error } = await submit({ 1: load, 2: node('SaveImage', { images: ['1', 1], filename_prefix: 'x' }) });
      expect(error.details).toBe(
        'Return type mismatch between linked nodes: images, received_type(MASK) mismatch input_type(IMAGE)',
      );
    });

    it.each([
      ['a node without inputs', { 1: { class_type: 'SaveImage' } }, "Exception when validating node: 'inputs'"],
      [
        'a link to a node that does not exist',
        { 1: node('SaveImage', { images: ['9', 0], filename_prefix: 'x' }) },
        "Exception when validating node: '9'",
      ],
      [
        'a link to an output that does not exist',
        {
          1: node('EmptyImage', { width: 8, height: 8, batch_size: 1, color: 0 }),
          2: node('SaveImage', { images: ['1', 1], filename_prefix: 'x' }),
        },
        'Exception when validating node: tuple index out of range',
      ],
      [
        'a cycle',
        {
          1: node('ImageInvert', { image: ['2', 0] }),
          2: node('ImageInvert', { image: ['1', 0] }),
          3: node('SaveImage', { images: ['1', 0], filename_prefix: 'x' }),
        },
        '',
      ],
    ])('refuses %s', async (_, prompt, details) => {
      const { error } = await submit(prompt);
      expect([error.type, error.details]).toEqual(['prompt_outputs_failed_validation', details]);
    });
  });
});
