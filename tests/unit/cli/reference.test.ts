import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, test } from 'vitest';
import { EXIT_CODES } from '../../../cli/exit-codes.ts';
import { createProgram } from '../../../cli/program.ts';

const reference = readFileSync(resolve(import.meta.dirname, '../../../docs/cli.md'), 'utf8');
const { commands } = createProgram({ version: '0.0.0', programFolder: '/' });

test('docs/cli.md has every command', () => {
  for (const command of commands) expect(reference).toContain(`stoker ${command.name()} `);
});

test.each(commands.map((command) => [command.name(), command] as const))(
  'docs/cli.md has every option of %s',
  (_, command) => {
    for (const { short, long } of command.options) {
      for (const flag of [short, long]) if (flag) expect(reference).toContain(flag);
    }
  },
);

test('docs/cli.md has the exit codes as they are', () => {
  for (const { code, meaning } of Object.values(EXIT_CODES)) expect(reference).toContain(`| ${code} | ${meaning} |`);
});

test('every command that asks the engine prints JSON when asked', () => {
  for (const command of commands.filter((each) => each.name() !== 'serve')) {
    expect(
      command.options.map(({ long }) => long),
      command.name(),
    ).toContain('--json');
  }
});
