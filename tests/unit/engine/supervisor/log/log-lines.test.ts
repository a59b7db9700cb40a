import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createLevelGuess,
  createLineSplitter,
  MAX_LINE_LENGTH,
} from '../../../../../engine/supervisor/log/log-lines.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const linesOf = (...chunks: (string | Uint8Array)[]) => {
  const splitter = createLineSplitter();
  const lines = chunks.flatMap((chunk) => splitter.push(typeof chunk === 'string' ? bytes(chunk) : chunk));
  return [...lines, ...splitter.flush()];
};

describe('the line splitter', () => {
  it('joins a line that comes in pieces', () => {
    expect(linesOf('To see the', ' GUI go to', ': http://x\nnext')).toEqual(['To see the GUI go to: http://x', 'next']);
  });

  it('keeps the last state of a progress bar', () => {
    expect(linesOf('\r 10%|#  | 2/20', '\r 50%|## | 10/20', '\r100%|###| 20/20\ndone\n')).toEqual([
      '100%|###| 20/20',
      'done',
    ]);
    expect(linesOf('5/20\r', '10/20\r', '20/20\r\n')).toEqual(['20/20']);
  });

  it('takes Windows line ends for what they are, also cut in two', () => {
    expect(linesOf('one\r\ntwo\r', '\nthree\r\n')).toEqual(['one', 'two', 'three']);
  });

  it('keeps empty lines between others', () => {
    expect(linesOf('one\n\ntwo\n')).toEqual(['one', '', 'two']);
  });

  it('removes colours, titles and other control characters, but no tab', () => {
    expect(linesOf('\u001b[32m[INFO]\u001b[0m \u001b]0;title\u0007a\tb\u0000\n')).toEqual(['[INFO] a\tb']);
  });

  it('survives bytes that are no UTF-8, and characters cut in two', () => {
    const euro = bytes('€');
    expect(linesOf(euro.subarray(0, 1), euro.subarray(1), Uint8Array.of(0xff, 0xfe), '\n')).toEqual(['€��']);
  });

  it('cuts what has no end', () => {
    const lines = linesOf('x'.repeat(MAX_LINE_LENGTH * 2 + 5), 'y\n');
    expect(lines.map((line) => line.length)).toEqual([MAX_LINE_LENGTH, MAX_LINE_LENGTH, 6]);
  });

  it('gives the same lines however the bytes are cut', () => {
    const piece = fc.constantFrom('a', 'ä', '😀', '\n', '\r', '\r\n', ' ', '50%|##', '\u001b[1m');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.array(fc.nat(200)), (pieces, cuts) => {
        const whole = bytes(pieces.join(''));
        const edges = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const chunks = edges.slice(1).map((edge, index) => whole.subarray(edges[index], edge));
        expect(linesOf(...chunks)).toEqual(linesOf(whole));
      }),
    );
  });
});

describe('the guess of the level', () => {
  const levels = (...lines: string[]) => lines.map(createLevelGuess());

  it('marks a traceback from its first line to its last', () => {
    expect(
      levels(
        'Traceback (most recent call last):',
        '  File "x.py", line 1',
        '    f()',
        'RuntimeError: no',
        'got prompt',
      ),
    ).toEqual(['error', 'error', 'error', 'error', 'info']);
  });

  it.each([
    ['got prompt', 'info'],
    ['WARNING: request with non matching host and origin', 'warning'],
    ['/x/y.py:12: FutureWarning: deprecated', 'warning'],
    ['Cannot import /opt/ComfyUI/custom_nodes/x module for custom nodes: no', 'error'],
    ['   0.0 seconds (IMPORT FAILED): /opt/ComfyUI/custom_nodes/x', 'error'],
    ['!!! Exception during processing !!! lab failure', 'error'],
    ['OSError: [Errno 98] address already in use', 'error'],
    ['Import times for custom nodes:', 'info'],
  ])('%s → %s', (line, level) => {
    expect(levels(line)).toEqual([level]);
  });
});
