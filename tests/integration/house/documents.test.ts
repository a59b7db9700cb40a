import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const repository = resolve(import.meta.dirname, '../../..');
const { settingsDocument, SETTINGS_DOCUMENT } = await import(
  pathToFileURL(resolve(repository, 'build/settings-table.mjs')).href
);

test('docs/settings.md is current (else: node build/settings-table.mjs)', async () => {
  expect(readFileSync(SETTINGS_DOCUMENT, 'utf8')).toBe(await settingsDocument());
});

test.each(['README.md', 'CONTRIBUTING.md', 'docs/cli.md', 'docs/settings.md', 'docs/ARCHITECTURE.md'])(
  'every file that %s links to is there',
  (name) => {
    const document = resolve(repository, name);
    const links = [...readFileSync(document, 'utf8').matchAll(/\]\((?!https?:)([^)#]+)/g)].map(
      ([, target]) => target ?? '',
    );
    expect(links.filter((target) => !existsSync(resolve(dirname(document), target)))).toEqual([]);
  },
);
