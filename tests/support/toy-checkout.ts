/**
 * A checkout with this repository's own build scripts around toy contents: `npm` is a script that notes what it was asked
 * and does as told, the build writes a program that prints its arguments. So npm start and npm test are tested in seconds.
 */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

export interface ToyRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ToyCheckout {
  readonly folder: string;
  write(path: string, text: string): void;
  /** What npm was asked since the last call, a line each. */
  npmCalls(): string[];
  /** Makes `npm run <script>` do this: JavaScript in which `args` are its arguments. */
  script(name: string, body: string): void;
  run(script: string, ...args: string[]): Promise<ToyRun>;
  /** Adds to what the scripts see of the environment; there is no display in it. */
  setEnvironment(name: string, value: string): void;
  /** Puts a program that prints its arguments, a JSON line each time, in the place of Electron. */
  installElectron(exitCode?: number): void;
  /** Puts a program of this name on the PATH, before those of the machine. */
  program(name: string, script: string): void;
  remove(): void;
}

const BUILD_SCRIPTS = [
  'debian-packages.mjs',
  'electron-runtime-asar.mjs',
  'electron-runtime.mjs',
  'prepare.mjs',
  'start-choice.mjs',
  'start.mjs',
  'steps.mjs',
  'test-count.mjs',
  'test.mjs',
];

const NPM = `
const { appendFileSync, existsSync, readFileSync, mkdirSync, writeFileSync } = require('node:fs');
const words = process.argv.slice(2);
appendFileSync('npm-calls', words.filter((word) => !word.startsWith('-')).join(' ') + '\\n');
if (words[0] === 'ci') {
  mkdirSync('node_modules', { recursive: true });
  writeFileSync('node_modules/.package-lock.json', '{}');
} else {
  const name = words[2].replace(':', '-');
  const args = words.slice(4);
  if (existsSync('scripts/' + name)) new Function('args', 'require', readFileSync('scripts/' + name, 'utf8'))(args, require);
}
`;

const BUILD = `
import { mkdirSync, writeFileSync } from 'node:fs';
mkdirSync('dist/cli', { recursive: true });
writeFileSync('dist/cli/main.js', 'console.log(JSON.stringify(process.argv.slice(2))); process.exitCode = 7;');
`;

export function makeToyCheckout(): ToyCheckout {
  const repository = resolve(import.meta.dirname, '../..');
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'stoker-toy-')));
  const write = (path: string, text: string): void => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const name of BUILD_SCRIPTS) cpSync(join(repository, 'build', name), join(folder, 'build', name));
  const environment: NodeJS.ProcessEnv = {
    PATH: `${join(folder, 'programs')}:${process.env.PATH}`,
    npm_execpath: join(folder, 'toy-npm/npm.js'),
    // Any program passes for a browser that is there.
    STOKER_CHROMIUM: process.execPath,
    ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'toy-electron'),
  };
  write('package.json', '{ "type": "module", "engines": { "node": ">=20.19" } }');
  write('package-lock.json', '{}');
  write('toy-npm/npm.js', NPM);
  write('toy-npm/package.json', '{ "type": "commonjs" }');
  write('build/build.mjs', BUILD);
  write('engine/engine.ts', '');

  return {
    folder,
    write,
    npmCalls() {
      const calls = readFileSync(join(folder, 'npm-calls'), { encoding: 'utf8', flag: 'a+' }).split('\n').slice(0, -1);
      rmSync(join(folder, 'npm-calls'));
      return calls;
    },
    script: (name, body) => write(`scripts/${name.replace(':', '-')}`, body),
    run(script, ...args) {
      const child = spawn(process.execPath, [join(folder, script), ...args], {
        cwd: folder,
        env: environment,
      });
      let stdout = '';
      let stderr = '';
      child.stdout.on('data', (chunk) => {
        stdout += chunk;
      });
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      return new Promise((done) => child.on('close', (code) => done({ code, stdout, stderr })));
    },
    setEnvironment(name, value) {
      environment[name] = value;
    },
    installElectron(exitCode = 0) {
      write(
        'toy-electron/electron',
        `#!${process.execPath}\nconsole.log(JSON.stringify([...process.argv.slice(2), process.env.STOKER_ENGINE_NODE]));\nprocess.exitCode = ${exitCode};\n`,
      );
      chmodSync(join(folder, 'toy-electron/electron'), 0o755);
    },
    program(name, script) {
      write(`programs/${name}`, script);
      chmodSync(join(folder, 'programs', name), 0o755);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
