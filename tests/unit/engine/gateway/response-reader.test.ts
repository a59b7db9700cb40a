import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MalformedAnswer } from '../../../../engine/gateway/response-head.ts';
import { createResponseReader } from '../../../../engine/gateway/response-reader.ts';

type Told = [event: string, ...details: unknown[]];

function reading(method = 'GET') {
  const told: Told[] = [];
  const reader = createResponseReader({
    onInformation: (head) => told.push(['information', head.status]),
    onHead: (head) => told.push(['head', head.status]),
    onBody: (chunk) => told.push(['body', chunk.toString('latin1')]),
    onEnd: (trailers) => told.push(['end', ...trailers]),
  });
  reader.expect(method);
  return { reader, told };
}

/** What was told, with body pieces joined: how it was cut is not the point. */
function joined(told: readonly Told[]): Told[] {
  const result: Told[] = [];
  for (const [event, detail, ...more] of told) {
    const last = result.at(-1);
    if (event === 'body' && last?.[0] === 'body') last[1] = `${last[1]}${detail}`;
    else result.push(detail === undefined ? [event] : [event, detail, ...more]);
  }
  return result.filter(([event, detail]) => event !== 'body' || detail !== '');
}

const CHUNKED =
  'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n' +
  '5;ext="a"\r\nhello\r\n0000A\r\n, \r\n0\r\n\r\n5\r\n' +
  '0\r\nX-Sum: 12 \r\nX-B:\r\n\r\n';
const ANSWERS: readonly [string, Told[]][] = [
  ['HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', [['head', 200], ['body', 'hello'], ['end']]],
  ['HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', [['head', 200], ['end']]],
  ['HTTP/1.1 304 Not Modified\r\nETag: "a"\r\n\r\n', [['head', 304], ['end']]],
  [
    CHUNKED,
    [
      ['information', 103],
      ['head', 200],
      ['body', 'hello, \r\n0\r\n\r\n5'],
      ['end', 'X-Sum', '12', 'X-B', ''],
    ],
  ],
];

describe('answers in pieces', () => {
  it.each(ANSWERS)('%j', (bytes, expected) => {
    const { reader, told } = reading();
    reader.read(Buffer.from(bytes, 'latin1'));
    expect(joined(told)).toEqual(expected);
  });

  it('however the network cuts them, the same is told', () => {
    fc.assert(
      fc.property(fc.constantFrom(...ANSWERS), fc.array(fc.nat(400), { maxLength: 12 }), ([bytes, expected], cuts) => {
        const { reader, told } = reading();
        const places = [...new Set([0, ...cuts.filter((cut) => cut < bytes.length), bytes.length])].sort(
          (a, b) => a - b,
        );
        for (const [index, place] of places.entries()) {
          const piece = bytes.slice(place, places[index + 1] ?? place);
          // The memory is read into again: what is kept must be a copy.
          const memory = Buffer.from(piece, 'latin1');
          reader.read(memory);
          memory.fill(0);
        }
        expect(joined(told)).toEqual(expected);
      }),
    );
  });

  it('byte by byte', () => {
    const { reader, told } = reading();
    for (const byte of Buffer.from(CHUNKED, 'latin1')) reader.read(Buffer.from([byte]));
    expect(joined(told)).toEqual(ANSWERS[3]?.[1]);
  });

  it('tells with the last piece of a sized body that it is the last', () => {
    const lasts: boolean[] = [];
    const reader = createResponseReader({
      onInformation: () => undefined,
      onHead: () => undefined,
      onBody: (_chunk, last) => lasts.push(last),
      onEnd: () => undefined,
    });
    reader.expect('GET');
    reader.read(Buffer.from('HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab'));
    reader.read(Buffer.from('cd'));
    expect(lasts).toEqual([false, true]);
  });
});

describe('answers that end with the connection', () => {
  it('a body without a length ends there', () => {
    const { reader, told } = reading();
    reader.read(Buffer.from('HTTP/1.1 200 OK\r\n\r\nall of it'));
    reader.end();
    expect(told).toEqual([['head', 200], ['body', 'all of it'], ['end']]);
  });

  it.each([
    'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n',
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n',
    'HTTP/1.1 200 O',
    '',
  ])('a torn answer is never a whole one: %j', (bytes) => {
    const { reader, told } = reading();
    reader.read(Buffer.from(bytes));
    expect(() => reader.end()).toThrow(MalformedAnswer);
    expect(told).not.toContainEqual(['end']);
  });
});

describe('what is no answer', () => {
  it.each([
    ['bytes after the end', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nab'],
    ['a second answer nobody asked for', 'HTTP/1.1 204 No Content\r\n\r\nHTTP/1.1 200 OK\r\n'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\n\r\n'],
    ['a chunk size that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\n'],
    ['a chunk size beyond all', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n'],
    ['a chunk longer than it said', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n'],
    ['a trailer that is none', 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nnonsense\r\n'],
    ['a head without end', `HTTP/1.1 200 OK\r\nX: ${'a'.repeat(70_000)}`],
    ['a chunk line without end', `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;${'a'.repeat(5000)}`],
  ])('%s', (_what, bytes) => {
    const { reader } = reading();
    expect(() => reader.read(Buffer.from(bytes))).toThrow(MalformedAnswer);
  });

  it('bytes on a connection that carries no request', () => {
    const reader = createResponseReader({
      onInformation: () => undefined,
      onHead: () => undefined,
      onBody: () => undefined,
      onEnd: () => undefined,
    });
    expect(() => reader.read(Buffer.from('HTTP/1.1 200 OK\r\n\r\n'))).toThrow(MalformedAnswer);
  });

  it('any bytes at all either mean something or throw: nothing hangs, nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const { reader } = reading();
        try {
          reader.read(Buffer.from('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n'));
          reader.read(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(MalformedAnswer);
        }
      }),
    );
  });
});
