import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  executionErrorFrame,
  executionInterruptedFrame,
  frameType,
  isDispensablePreview,
  isJobFrame,
  nothingExecutingFrame,
  RECORDED_FEATURE_FLAGS,
  readFrame,
  statusFrame,
} from '../../../../engine/comfyui/frames.ts';

interface Recorded {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

const recorded: Recorded[] = readFileSync(
  resolve(import.meta.dirname, '../../../fixtures/recordings/comfyui-http-ws.jsonl'),
  'utf8',
)
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => JSON.parse(line) as { kind: string; msg?: Recorded })
  .flatMap(({ kind, msg }) => (kind === 'ws' && typeof msg?.type === 'string' ? [msg] : []));

/** As Python's json.dumps writes it. */
const pythonText = (value: unknown): string => JSON.stringify(value).replaceAll('":', '": ').replaceAll(',"', ', "');
const bytes = (text: string): Buffer => Buffer.from(text);

const previewV1 = (format: number): Buffer => {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(1, 0);
  head.writeUInt32BE(format, 4);
  return Buffer.concat([head, Buffer.from('image')]);
};

const previewV2 = (metadata: unknown): Buffer => {
  const json = Buffer.from(JSON.stringify(metadata));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(4, 0);
  head.writeUInt32BE(json.length, 4);
  return Buffer.concat([head, json, Buffer.from('image')]);
};

describe('the type of a frame', () => {
  it('is read from the first bytes of every recorded message, as Python and as others write JSON', () => {
    expect(recorded.length).toBeGreaterThan(100);
    for (const message of recorded) {
      expect(frameType(bytes(pythonText(message)))).toBe(message.type);
      expect(frameType(bytes(JSON.stringify(message)))).toBe(message.type);
    }
  });

  it.each(['', '{', '[]', '{"data":1,"type":"status"}', '{"type":"', '{"type":7}', 'not json', '{"type":"a\\"b"}'])(
    'is null for %j',
    (text) => {
      expect(frameType(bytes(text))).toBeNull();
    },
  );

  it('survives any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (data) => {
        frameType(Buffer.from(data));
        readFrame(Buffer.from(data));
        isDispensablePreview(Buffer.from(data));
      }),
    );
  });
});

describe('reading a frame', () => {
  it('understands every recorded message of a type it knows', () => {
    const known = recorded.filter(({ type }) => isJobFrame(type) || type === 'status' || type === 'feature_flags');
    expect(new Set(known.map(({ type }) => type)).size).toBeGreaterThanOrEqual(10);
    for (const message of known) expect(readFrame(bytes(pythonText(message))), message.type).not.toBeNull();
  });

  it.each([
    [
      'the first status of a connection',
      { type: 'status', data: { status: { exec_info: { queue_remaining: 2 } }, sid: 'a' } },
      { kind: 'status', queueRemaining: 2, sid: 'a' },
    ],
    [
      'a broadcast status',
      { type: 'status', data: { status: { exec_info: { queue_remaining: 0 } } } },
      { kind: 'status', queueRemaining: 0, sid: null },
    ],
    [
      'the node told on a reconnect, which has no prompt id',
      { type: 'executing', data: { node: '2' } },
      { kind: 'executing', promptId: null, node: '2' },
    ],
    [
      'the end of everything',
      { type: 'executing', data: { node: null, prompt_id: 'p' } },
      { kind: 'executing', promptId: 'p', node: null },
    ],
    [
      'an interrupt',
      { type: 'execution_interrupted', data: { prompt_id: 'p', node_id: '2' } },
      { kind: 'executionEnd', promptId: 'p', outcome: 'interrupted' },
    ],
    [
      'the state of all nodes',
      {
        type: 'progress_state',
        data: { prompt_id: 'p', nodes: { 1: { state: 'finished' }, 2: { state: 'running' } } },
      },
      { kind: 'progressState', promptId: 'p', finished: ['1'] },
    ],
  ])('%s', (_name, message, expected) => {
    expect(readFrame(JSON.stringify(message))).toEqual(expected);
  });

  it.each([
    '{"type":"status","data":{}}',
    '{"type":"execution_start","data":{}}',
    '{"type":"progress","data":{"prompt_id":"p","node":"1","value":"x","max":2}}',
    '{"type":"crystools.monitor","data":{"prompt_id":"p"}}',
    '{"type":"status","data":null}',
    '{"type":"executed","data":[]}',
    '[1]',
    'null',
    '{"type":"status"',
  ])('is null for what lacks its parts or is of another type: %s', (text) => {
    expect(readFrame(text)).toBeNull();
  });
});

describe('what may be left out for a client that is behind', () => {
  it.each([
    ['a JPEG preview', previewV1(1), true],
    ['a JPEG preview with metadata', previewV2({ node_id: '2', image_type: 'image/jpeg' }), true],
    ['a PNG: SaveImageWebsocket delivers results that way', previewV1(2), false],
    ['a PNG with metadata', previewV2({ image_type: 'image/png' }), false],
    ['progress text (event 3)', Buffer.from([0, 0, 0, 3, 0, 0, 0, 1, 49, 65]), false],
    ['metadata that is cut off', previewV2({ image_type: 'image/jpeg' }).subarray(0, 12), false],
    ['metadata that is no JSON', Buffer.from([0, 0, 0, 4, 0, 0, 0, 1, 123, 65]), false],
    ['something short', Buffer.from([0, 0, 0, 1]), false],
  ])('%s', (_name, data, expected) => {
    expect(isDispensablePreview(data)).toBe(expected);
  });
});

describe('what Stoker says in the place of ComfyUI', () => {
  const first = (type: string, test: (message: Recorded) => boolean = () => true): Recorded => {
    const found = recorded.find((message) => message.type === type && test(message));
    if (found === undefined) throw new Error(`no ${type} was recorded`);
    return found;
  };
  const shape = (message: { data: Record<string, unknown> }): string[] => Object.keys(message.data).sort();
  const spoken = (text: string): Recorded => JSON.parse(text) as Recorded;
  const lost = { promptId: 'p', node: '2', nodeType: 'LabSlow', executed: ['1'] };

  it('has the shape of what the real one says', () => {
    const withSid = first('status', ({ data }) => data.sid !== undefined);
    expect(spoken(statusFrame(0, String(withSid.data.sid)))).toEqual({
      type: 'status',
      data: { status: { exec_info: { queue_remaining: 0 } }, sid: withSid.data.sid },
    });
    expect(shape(spoken(statusFrame(0)))).toEqual(shape(first('status', ({ data }) => data.sid === undefined)));
    expect(spoken(RECORDED_FEATURE_FLAGS)).toEqual(first('feature_flags'));
    expect(spoken(nothingExecutingFrame('p'))).toEqual({ type: 'executing', data: { node: null, prompt_id: 'p' } });
    expect(shape(spoken(executionInterruptedFrame(lost, 1)))).toEqual(shape(first('execution_interrupted')));
    expect(shape(spoken(executionErrorFrame(lost, 'gone', 1)))).toEqual(shape(first('execution_error')));
  });
});
