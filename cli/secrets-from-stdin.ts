/** What the desktop shell's key store hands an engine it starts: one JSON line on standard input. No word of it is ever repeated in an error. */
import type { Readable } from 'node:stream';
import { SecretsFromShellSchema } from '../contract/secrets.ts';
import { CommandFailure } from './command-failure.ts';
import { EXIT_CODES } from './exit-codes.ts';

export interface SecretsInputLimits {
  readonly bytes: number;
  readonly waitMs: number;
}

const LIMITS: SecretsInputLimits = { bytes: 1024 * 1024, waitMs: 5000 };
const END_OF_LINE = 10;

/**
 * Reads the first line, and lets go of the input: what comes after it is not for us.
 * @returns values by name
 * @throws CommandFailure (exit 2) when the line is too long, does not come in time, or is not `{"secrets":{…}}`
 */
export async function readSecretsFromStdin(
  input: Readable,
  limits: SecretsInputLimits = LIMITS,
): Promise<Readonly<Record<string, string>>> {
  const line = await firstLine(input, limits);
  let content: unknown;
  try {
    content = JSON.parse(line);
  } catch {
    // The parser's own words repeat what it read.
    throw refusal('The line is not JSON.');
  }
  const checked = SecretsFromShellSchema.safeParse(content);
  if (!checked.success) throw refusal('The line is not {"secrets":{"network.token":"…"}}: names and texts.');
  return checked.data.secrets;
}

function firstLine(input: Readable, { bytes, waitMs }: SecretsInputLimits): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;

    function settle(act: () => void): void {
      clearTimeout(timer);
      input.off('data', take).off('end', end).off('error', fail);
      input.on('error', () => undefined);
      input.destroy();
      act();
    }
    function take(chunk: Buffer | string): void {
      const data = Buffer.from(chunk);
      const end = data.indexOf(END_OF_LINE);
      const part = end < 0 ? data : data.subarray(0, end);
      chunks.push(part);
      length += part.length;
      if (length > bytes) settle(() => reject(refusal(`The line is longer than ${bytes} bytes.`)));
      else if (end >= 0) settle(() => resolve(Buffer.concat(chunks).toString('utf8')));
    }
    const end = (): void => settle(() => resolve(Buffer.concat(chunks).toString('utf8')));
    const fail = (): void => settle(() => reject(refusal('It cannot be read.')));
    const timer = setTimeout(() => settle(() => reject(refusal(`No line came within ${waitMs / 1000} s.`))), waitMs);
    input.on('data', take).on('end', end).on('error', fail);
  });
}

function refusal(reason: string): CommandFailure {
  const message = `The secrets on standard input cannot be used. ${reason}`;
  const next = 'Leave --secrets-from-stdin away, or write one line of JSON to standard input and close it.';
  return new CommandFailure(
    { source: 'stoker', error: { code: 'invalid_request', message, details: { next } } },
    EXIT_CODES.usage.code,
  );
}
