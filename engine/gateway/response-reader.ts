/**
 * Reads ComfyUI's answers from the bytes of one connection, in whatever pieces they come: head, body, chunks, trailers.
 * Strict: what can be read in two ways is an error, never a guess. Holds at most one unfinished line or head.
 */
import { assertNever } from '../platform/assert-never.ts';
import { MalformedAnswer, type ResponseHead, readResponseHead } from './response-head.ts';

export interface ResponseEvents {
  /** A 1xx answer; the real one follows. */
  onInformation(head: ResponseHead): void;
  onHead(head: ResponseHead): void;
  /** `chunk` is valid during the call only: its memory is read into again. `last` is told when it is known to be. */
  onBody(chunk: Buffer, last: boolean): void;
  /** @param trailers names and values in turn */
  onEnd(trailers: readonly string[]): void;
}

export interface ResponseReader {
  /** The answer to a request with this method comes next. */
  expect(method: string): void;
  /** @throws MalformedAnswer, also for bytes that nobody asked for */
  read(chunk: Buffer): void;
  /** The connection has ended. @throws MalformedAnswer when the answer had not */
  end(): void;
  /** Whether the connection may carry another request after this answer. */
  reusable(): boolean;
}

type Reading = 'nothing' | 'head' | 'body' | 'untilClose' | 'chunkSize' | 'chunk' | 'chunkEnd' | 'trailers';

const MAX_HEAD_BYTES = 64 * 1024;
const MAX_LINE_BYTES = 4 * 1024;
const HEAD_END = Buffer.from('\r\n\r\n');
const LINE_END = Buffer.from('\r\n');
const NOTHING = Buffer.alloc(0);
const NO_TRAILERS: readonly string[] = [];
/** Size in hexadecimal; extensions say nothing to us. 13 digits are more than 2^51 bytes. */
const CHUNK_SIZE = /^([0-9a-fA-F]{1,13})[\t ]*(?:;[\t\x20-\x7e\x80-\xff]*)?$/;
const TRAILER = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[\t ]*([\t\x20-\x7e\x80-\xff]*?)[\t ]*$/;

export function createResponseReader(events: ResponseEvents): ResponseReader {
  let reading: Reading = 'nothing';
  let method = 'GET';
  /** The beginning of a head or line whose end has not come yet. */
  let unfinished = NOTHING;
  let bytesLeft = 0;
  let reusable = true;
  let trailers: string[] = [];

  /** The text up to `delimiter`, or null when it has not all come; moves `at` behind it. */
  function take(input: Cursor, delimiter: Buffer, limitBytes: number): string | null {
    if (unfinished.length > 0) {
      input.chunk = Buffer.concat([unfinished, input.chunk.subarray(input.at)]);
      input.at = 0;
      unfinished = NOTHING;
    }
    const end = input.chunk.indexOf(delimiter, input.at);
    // Without its end, all but the last bytes are surely text: the delimiter may have begun.
    const textEnd = end === -1 ? input.chunk.length - delimiter.length + 1 : end;
    if (textEnd - input.at > limitBytes) {
      throw new MalformedAnswer(`a head or line of it is longer than ${limitBytes} bytes`);
    }
    if (end === -1) {
      // A copy: the chunk's memory is not ours to keep.
      unfinished = Buffer.from(input.chunk.subarray(input.at));
      input.at = input.chunk.length;
      return null;
    }
    const text = input.chunk.toString('latin1', input.at, end);
    input.at = end + delimiter.length;
    return text;
  }

  function finish(told: readonly string[]): void {
    reading = 'nothing';
    events.onEnd(told);
  }

  function readHead(input: Cursor): void {
    const text = take(input, HEAD_END, MAX_HEAD_BYTES);
    if (text === null) return;
    const head = readResponseHead(text, method);
    if (head.status < 200) {
      if (head.status === 101) throw new MalformedAnswer('it switches to a protocol that nobody asked for');
      events.onInformation(head);
      return;
    }
    reusable = head.reusable;
    const { framing } = head;
    switch (framing.kind) {
      case 'none':
        events.onHead(head);
        finish(NO_TRAILERS);
        return;
      case 'length':
        bytesLeft = framing.bytes;
        reading = 'body';
        events.onHead(head);
        if (bytesLeft === 0) finish(NO_TRAILERS);
        return;
      case 'chunked':
        trailers = [];
        reading = 'chunkSize';
        events.onHead(head);
        return;
      case 'untilClose':
        reading = 'untilClose';
        events.onHead(head);
        return;
      default:
        assertNever(framing);
    }
  }

  function readSized(input: Cursor): void {
    const { chunk, at } = input;
    const end = Math.min(chunk.length, at + bytesLeft);
    bytesLeft -= end - at;
    input.at = end;
    const isDone = bytesLeft === 0;
    if (reading === 'chunk') {
      if (isDone) reading = 'chunkEnd';
      events.onBody(chunk.subarray(at, end), false);
      return;
    }
    events.onBody(at === 0 && end === chunk.length ? chunk : chunk.subarray(at, end), isDone);
    if (isDone) finish(NO_TRAILERS);
  }

  function readChunkSize(input: Cursor): void {
    const line = take(input, LINE_END, MAX_LINE_BYTES);
    if (line === null) return;
    const size = CHUNK_SIZE.exec(line)?.[1];
    if (size === undefined) throw new MalformedAnswer('a chunk of it has no proper size');
    bytesLeft = Number.parseInt(size, 16);
    reading = bytesLeft === 0 ? 'trailers' : 'chunk';
  }

  function readChunkEnd(input: Cursor): void {
    const line = take(input, LINE_END, 0);
    if (line !== null) reading = 'chunkSize';
  }

  function readTrailer(input: Cursor): void {
    const line = take(input, LINE_END, MAX_LINE_BYTES);
    if (line === null) return;
    if (line === '') {
      finish(trailers);
      return;
    }
    const field = TRAILER.exec(line);
    trailers.push(field?.[1] ?? '', field?.[2] ?? '');
    if (field === null || trailers.length > MAX_TRAILERS)
      throw new MalformedAnswer('a trailer of it is not a header line');
  }

  function step(input: Cursor): void {
    switch (reading) {
      case 'nothing':
        throw new MalformedAnswer('it goes on after its end');
      case 'head':
        readHead(input);
        return;
      case 'body':
      case 'chunk':
        readSized(input);
        return;
      case 'untilClose':
        events.onBody(input.chunk.subarray(input.at), false);
        input.at = input.chunk.length;
        return;
      case 'chunkSize':
        readChunkSize(input);
        return;
      case 'chunkEnd':
        readChunkEnd(input);
        return;
      case 'trailers':
        readTrailer(input);
        return;
      default:
        assertNever(reading);
    }
  }

  return {
    expect(nextMethod) {
      method = nextMethod;
      reading = 'head';
    },
    read(chunk) {
      const input: Cursor = { chunk, at: 0 };
      while (input.at < input.chunk.length) step(input);
    },
    end() {
      if (reading === 'untilClose') finish(NO_TRAILERS);
      else if (reading !== 'nothing') throw new MalformedAnswer('the connection ended before the answer did');
    },
    reusable: () => reusable,
  };
}

interface Cursor {
  chunk: Buffer;
  at: number;
}

/** Names and values together; a flood of trailers is no answer. */
const MAX_TRAILERS = 256;
