import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { CommandFailure } from '../../../cli/command-failure.ts';
import { readSecretsFromStdin } from '../../../cli/secrets-from-stdin.ts';

const limits = { bytes: 200, waitMs: 20_000 };
const line = JSON.stringify({ secrets: { 'network.token': 'planted-secret-0123' } });

async function read(...chunks: (string | null)[]): Promise<unknown> {
  const input = new PassThrough();
  const answer = readSecretsFromStdin(input, limits);
  answer.catch(() => undefined);
  for (const chunk of chunks) {
    if (chunk === null) input.end();
    else input.write(chunk);
  }
  return answer;
}

describe('secrets on standard input', () => {
  it.each([
    ['a line', [`${line}\n`]],
    ['a line in pieces', [line.slice(0, 10), line.slice(10), '\n']],
    ['a line and something after it', [`${line}\nmore`]],
    ['text that ends without a line end', [line, null]],
  ])('are read from %s', async (_words, chunks) => {
    expect(await read(...chunks)).toEqual({ 'network.token': 'planted-secret-0123' });
  });

  it('may be none', async () => {
    expect(await read('{"secrets":{}}\n')).toEqual({});
  });

  it.each([
    ['no JSON', ['{"secrets":{"network.token":"planted\n'], 'not JSON'],
    ['nothing', [null], 'not JSON'],
    ['something else', ['{"planted":true}\n'], 'not {"secrets"'],
    ['a bad name', ['{"secrets":{"planted":"x"}}\n'], 'not {"secrets"'],
    ['too much', ['planted'.repeat(100)], 'longer than 200 bytes'],
  ])('%s is refused with exit 2, and not repeated', async (_words, chunks, reason) => {
    const failure = await read(...chunks).then(
      () => null,
      (error: unknown) => error,
    );
    expect(failure).toBeInstanceOf(CommandFailure);
    if (!(failure instanceof CommandFailure)) return;
    expect(failure.exitCode).toBe(2);
    expect(failure.message).toContain(reason);
    expect(JSON.stringify(failure.body)).not.toContain('planted');
  });

  it('that do not come are not waited for without end', async () => {
    const waiting = readSecretsFromStdin(new PassThrough(), { ...limits, waitMs: 10 });
    await expect(waiting).rejects.toThrow('No line came within 0.01 s.');
  });

  it('let the rest of the input go', async () => {
    const input = new PassThrough();
    const answer = readSecretsFromStdin(input, limits);
    input.write(`${line}\n`);
    await answer;
    expect(input.destroyed).toBe(true);
  });
});
