/** No container engine runs here, so the files are held by what can be known without one: their words, and that the image's sources are enough to build from. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const repository = resolve(import.meta.dirname, '../../..');
const read = (path: string): string => readFileSync(join(repository, path), 'utf8');

interface Instruction {
  readonly name: string;
  readonly words: string;
}

/** Instructions with their continued lines joined; comments and blank lines left out. */
function instructions(dockerfile: string): Instruction[] {
  const lines = dockerfile.split('\n').filter((line) => line.trim() !== '' && !line.startsWith('#'));
  return lines
    .join('\n')
    .replace(/\\\n\s*/g, '')
    .split('\n')
    .map((line) => {
      const [name = '', ...words] = line.split(' ');
      return { name, words: words.join(' ').trim() };
    });
}

/** The build context: what the allow-list of .dockerignore lets in. */
const context = read('.dockerignore')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1));

describe.each(['Dockerfile', 'Dockerfile.comfyui'])('%s', (name) => {
  const all = instructions(read(`resources/container/${name}`));
  const named = (wanted: string) => all.filter((each) => each.name === wanted).map(({ words }) => words);

  test('has only instructions that there are', () => {
    const known = 'ARG FROM RUN COPY ENV WORKDIR USER VOLUME EXPOSE HEALTHCHECK ENTRYPOINT CMD'.split(' ');
    expect(all.map((each) => each.name).filter((each) => !known.includes(each))).toEqual([]);
  });

  test('runs stoker under an init, without a shell in between, so that SIGTERM arrives', () => {
    expect(JSON.parse(named('ENTRYPOINT').join())).toEqual([
      expect.stringMatching(/tini$/),
      '--',
      expect.stringMatching(/node$/),
      '/opt/stoker/dist/cli/main.js',
    ]);
    expect(JSON.parse(named('CMD').join())).toEqual(['serve']);
  });

  test('is healthy when the engine answers the command line', () => {
    const [, command = '[]'] = named('HEALTHCHECK').join().split('CMD ');
    expect(JSON.parse(command).slice(1)).toEqual(['/opt/stoker/dist/cli/main.js', 'status', '--json']);
  });

  test('keeps its data in a volume and sets no token', () => {
    expect(named('VOLUME')).toEqual(['/data']);
    expect(named('ENV').join()).toContain('STOKER_DATA_DIR=/data');
    expect(named('ENV').join()).not.toContain('TOKEN');
  });

  test('copies only what the build context has', () => {
    const sources = named('COPY')
      .filter((words) => !words.startsWith('--from'))
      .flatMap((words) => words.split(' ').slice(0, -1))
      .filter((source) => source !== '.');
    expect(sources.filter((source) => !context.includes(source) || !existsSync(join(repository, source)))).toEqual([]);
  });
});

test('the engine alone does not run as root', () => {
  const users = instructions(read('resources/container/Dockerfile')).filter(({ name }) => name === 'USER');
  expect(users.map(({ words }) => words)).toEqual(['1000:1000']);
});

test('what the build context has is enough to build from', () => {
  expect(context.filter((name) => !existsSync(join(repository, name)))).toEqual([]);
  const folder = mkdtempSync(join(tmpdir(), 'stoker-context-'));
  try {
    for (const name of context) cpSync(join(repository, name), join(folder, name), { recursive: true });
    symlinkSync(join(repository, 'node_modules'), join(folder, 'node_modules'));
    const environment = { ...process.env, NODE_ENV: 'production', STOKER_BUILD_DIR: join(folder, 'dist') };
    const built = spawnSync(process.execPath, ['build/build.mjs'], { cwd: folder, encoding: 'utf8', env: environment });
    expect({ status: built.status, stderr: built.stderr }).toMatchObject({ status: 0 });
    for (const file of ['cli/main.js', 'simulator/comfyui.js', 'renderer/index.html']) {
      expect(existsSync(join(folder, 'dist', file)), file).toBe(true);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
