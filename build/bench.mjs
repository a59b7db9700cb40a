/** Builds the bench (its programs are processes of their own) into .cache/ and runs it. Arguments go through: `npm run bench -- --quick`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build } from 'vite';
import { ensureBuilt, root } from './prepare.mjs';

const outDir = join(root, '.cache/bench');
const programs = ['main', 'gateway-process', 'gateway/upstream-process', 'gateway/http-proxy-process'];

await build({
  root,
  configFile: false,
  logLevel: 'warn',
  build: {
    ssr: true,
    outDir,
    emptyOutDir: true,
    target: 'node20',
    minify: false,
    rollupOptions: {
      input: Object.fromEntries(programs.map((program) => [program, join(root, 'bench', `${program}.ts`)])),
      output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
    },
  },
});

// The benches of the desktop, of the page and of jobs measure the whole program; STOKER_TEST_BUILD names another build of it than dist/.
const words = process.argv.slice(2);
if (['desktop', 'page', 'jobs'].some((name) => words.includes(name)) && process.env.STOKER_TEST_BUILD === undefined)
  ensureBuilt();

const bench = spawn(process.execPath, [join(outDir, 'main.js'), ...words], {
  cwd: root,
  env: { STOKER_TEST_BUILD: join(root, 'dist'), ...process.env },
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => bench.kill(signal));
bench.on('exit', (code) => process.exit(code ?? 1));
