/** `npm start`: from a fresh clone to a running engine. Arguments go to `stoker serve`, for example `npm start -- --demo`. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkNode, ensureBuilt, ensureInstalled, root } from './prepare.mjs';

checkNode();
ensureInstalled();
ensureBuilt();

// In this process: signals and the exit code need no forwarding.
const main = join(root, 'dist/cli/main.js');
process.argv = [process.execPath, main, 'serve', ...process.argv.slice(2)];
await import(pathToFileURL(main).href);
