/** Plants a violation of each law between rooms in a copy of the house, and expects the refusal. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';

const repository = resolve(import.meta.dirname, '../../..');
const LAYERS = ['contract', 'strings', 'engine', 'electron', 'renderer', 'simulator', 'cli'];
const house = realpathSync(mkdtempSync(join(tmpdir(), 'stoker-house-')));

function plant(path: string, text: string): void {
  mkdirSync(dirname(join(house, path)), { recursive: true });
  writeFileSync(join(house, path), `${text}\nexport const planted = true;\n`);
}

beforeAll(() => {
  for (const name of ['.dependency-cruiser.cjs', 'tsconfig.base.json', 'biome.json', 'package.json']) {
    cpSync(join(repository, name), join(house, name));
  }
  for (const layer of LAYERS) cpSync(join(repository, layer, 'tsconfig.json'), join(house, layer, 'tsconfig.json'));
  symlinkSync(join(repository, 'node_modules'), join(house, 'node_modules'));
  // What the planted files import, and what no rule forbids.
  for (const path of [
    'contract/words.ts',
    'engine/platform/clock.ts',
    'engine/gpu/monitor.ts',
    'engine/comfyui/extension/words.ts',
    'engine/api/server.ts',
  ]) {
    plant(path, '');
  }
  plant('engine/platform/settings.ts', '');
  plant('cli/program.ts', '');
  plant('renderer/index.ts', '');
});
afterAll(() => rmSync(house, { recursive: true, force: true }));

const bin = (name: string) => join(repository, 'node_modules/.bin', name);

describe('dependency-cruiser', () => {
  const FORBIDDEN: readonly (readonly [string, string, string])[] = [
    ['contract-imports-only-zod', 'contract/reads-files.ts', "import 'node:fs';"],
    ['renderer-only-contract-and-browser', 'renderer/reads-clock.ts', "import '../engine/platform/clock.ts';"],
    ['renderer-no-node', 'renderer/reads-files.ts', "import 'node:fs';"],
    ['strings-only-contract', 'strings/en/asks-page.ts', "import '../../renderer/index.ts';"],
    ['electron-through-the-api', 'electron/reaches-in.ts', "import '../engine/platform/clock.ts';"],
    ['shell-decides-without-electron', 'electron/tray/tooltip.ts', "import 'electron';"],
    ['engine-only-contract', 'engine/platform/asks-cli.ts', "import '../../cli/program.ts';"],
    ['only-electron-imports-electron', 'engine/platform/shows-window.ts', "import 'electron';"],
    ['cli-through-contract-or-entry', 'cli/reaches-in.ts', "import '../engine/platform/settings.ts';"],
    ['simulator-alone', 'simulator/knows-stoker.ts', "import '../contract/words.ts';"],
    ['rooms-do-not-know-the-api', 'engine/gpu/knows-api.ts', "import '../api/server.ts';"],
    ['platform-knows-no-room', 'engine/platform/knows-gpu.ts', "import '../gpu/monitor.ts';"],
    ['pure-files-import-contract-alone', 'engine/idle/policy.ts', "import '../platform/clock.ts';"],
    ['page-extension-alone', 'engine/comfyui/extension/knows-gpu.ts', "import '../../gpu/monitor.ts';"],
    [
      'page-extension-types-of-the-contract',
      'engine/comfyui/extension/brings-zod.ts',
      "import '../../../contract/words.ts';",
    ],
    ['nobody-imports-the-page-extension', 'engine/gpu/shows-words.ts', "import '../comfyui/extension/words.ts';"],
    ['sqlite-in-one-file', 'engine/gpu/history.ts', "import '@photostructure/sqlite';"],
    ['no-dev-dependency-in-product', 'engine/gpu/builds.ts', "import 'vite';"],
    ['no-cycles', 'engine/idle/first.ts', "import './second.ts';"],
  ];
  const ReportSchema = z.object({
    summary: z.object({ violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })) }),
  });

  function violations(): string[] {
    const args = ['--config', '.dependency-cruiser.cjs', '--preserve-symlinks', '--output-type', 'json', ...LAYERS];
    const { stdout, stderr } = spawnSync(bin('depcruise'), args, { cwd: house, encoding: 'utf8' });
    expect(stderr).toBe('');
    return ReportSchema.parse(JSON.parse(stdout)).summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
  }
  let before: string[];
  let after: string[];

  beforeAll(() => {
    before = violations();
    plant('engine/idle/second.ts', "import './first.ts';");
    for (const [, path, text] of FORBIDDEN) plant(path, text);
    after = violations();
  });

  test('has nothing against a house without violations', () => {
    expect(before).toEqual([]);
  });

  test.each(FORBIDDEN)('refuses by %s', (rule, path) => {
    expect(after).toContain(`${rule}: ${path}`);
  });

  test('has a planted violation for every rule', async () => {
    const config: { default: { forbidden: { name: string }[] } } = await import(join(house, '.dependency-cruiser.cjs'));
    expect(FORBIDDEN.map(([rule]) => rule).sort()).toEqual(config.default.forbidden.map(({ name }) => name).sort());
  });
});

describe('the types of a layer', () => {
  test.each([
    ['contract', 'process', 'the contract knows no runtime'],
    ['renderer', 'process', 'the page runs in a plain browser'],
    ['engine', 'document', 'the engine runs headless'],
    ['cli', 'window', 'the command line has no page'],
    ['simulator', 'document', 'the simulator is a server'],
  ])('%s refuses `%s`: %s', (layer, word) => {
    const file = `${layer}/uses-${word}.ts`;
    plant(file, `console.log(${word});`);
    const tsc = spawnSync(process.execPath, [join(repository, 'node_modules/typescript/bin/tsc'), '-p', layer], {
      cwd: house,
      encoding: 'utf8',
    });
    expect(tsc.stdout).toMatch(new RegExp(`^${file}\\(1,\\d+\\): error TS\\d+: Cannot find name '${word}'`, 'm'));
  });
});

describe('biome', () => {
  test.each([
    ['engine/imports-electron.ts', "import 'electron';", 'noRestrictedImports'],
    ['renderer/uses-any.ts', 'export const anything: any = 1;', 'noExplicitAny'],
    ['engine/prints.ts', "console.log('hello');", 'noConsole'],
  ])('%s is refused by %3$s', (path, text, rule) => {
    plant(path, text);
    const { status, stderr, stdout } = spawnSync(bin('biome'), ['lint', path], { cwd: house, encoding: 'utf8' });
    expect(status).not.toBe(0);
    expect(stdout + stderr).toContain(rule);
  });
});
