/**
 * `npm start`: from a fresh clone to Stoker in the tray, or to a running engine where there is no desktop. `npm start -- --demo` puts a
 * simulator in the place of ComfyUI, `--headless` opens no tray application; other arguments go to `stoker serve`.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { findElectron } from './electron-runtime.mjs';
import { checkNode, ensureBuilt, ensureInstalled, root } from './prepare.mjs';
import { chooseStart } from './start-choice.mjs';

checkNode();
ensureInstalled();
ensureBuilt();

const say = (line) => console.error(line);
const choice = chooseStart(process.argv.slice(2), { platform: process.platform, environment: process.env });
if (choice.kind === 'headless') {
  await serve(choice.words, choice.because);
} else {
  const runtime = findElectron({ allowInstall: true, say });
  if ('none' in runtime) await serve(choice.words, runtime.none);
  else openDesktop(runtime, choice.words);
}

/** In this process: signals and the exit code need no forwarding. */
async function serve(words, because) {
  if (because !== null) say(`Without the tray application: ${because.replace(/\.$/, '')}.`);
  const main = join(root, 'dist/cli/main.js');
  process.argv = [process.execPath, main, 'serve', ...words];
  await import(pathToFileURL(main).href);
}

function openDesktop({ executable, version, origin }, words) {
  // Below the level of fatal errors Chromium tells a terminal nothing that a person could use.
  const switches = ['--log-level=3'];
  if (process.platform === 'linux' && process.getuid() === 0) {
    switches.push('--no-sandbox');
    say("As root there is no sandbox around Electron's pages (--no-sandbox); better start Stoker as yourself.");
  }
  if (origin === 'wheel') say(`This Electron (${version}) is an old one, for trying Stoker out and for its tests.`);
  say('Stoker opens in the tray. Ctrl+C here, or Quit in its menu, ends it.');
  const child = spawn(executable, [...switches, root, ...words], {
    stdio: 'inherit',
    env: { STOKER_ENGINE_NODE: process.execPath, ...process.env },
  });
  // A Ctrl+C reaches both; the shell decides when it is done.
  for (const signal of ['SIGINT', 'SIGHUP']) process.on(signal, () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  child.on('error', (error) => {
    say(`Electron could not be started: ${error.message}. To run without it: npm start -- --headless`);
    process.exitCode = 1;
  });
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? 1;
    if (process.exitCode === 0) return;
    say(`The tray application ended with ${code ?? signal}. To run without it: npm start -- --headless`);
  });
}
