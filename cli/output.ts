/** Standard output and error: JSON or words, and a reader that goes away (`stoker logs | head`) is not an error. */
import { styleText } from 'node:util';
import { type CommandFailure, failureLines } from './command-failure.ts';

export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** What a command that only reports does when nobody reads any more. */
export function exitWhenOutputCloses(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
}

/** What the engine does: it works on without an audience. */
export function ignoreClosedOutput(): void {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

export function print(lines: string | readonly string[]): void {
  process.stdout.write(`${typeof lines === 'string' ? lines : lines.join('\n')}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** With `--json` the error body goes where the answer would have gone. */
export function printFailure(failure: CommandFailure, json: boolean): void {
  if (json) printJson(failure.body);
  else process.stderr.write(`${failureLines(failure).join('\n')}\n`);
}

/** Colours for a terminal that wants them (https://no-color.org). */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return stream.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb' ? styleText(style, text) : text;
}

/** One line on a terminal that is written over; nothing where standard error is a file. */
export function createProgressLine(stream: NodeJS.WriteStream = process.stderr) {
  let shown = '';
  return {
    show(text: string): void {
      if (!stream.isTTY || text === shown) return;
      // Longer than a row, it could not be written over. Some terminals give their width as 0.
      const row = text.slice(0, (stream.columns || 80) - 1);
      stream.write(`\r\u001B[K${row}`);
      shown = text;
    },
    clear(): void {
      if (shown !== '') stream.write('\r\u001B[K');
      shown = '';
    },
  };
}
