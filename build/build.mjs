/** Builds what exists: the Node programs, the dashboard, what is added to ComfyUI's page, the Electron shell. `--node` builds the programs alone. Honours STOKER_BUILD_DIR. */
import { build } from 'vite';

const logLevel = process.env.STOKER_BUILD_VERBOSE ? 'info' : 'warn';
await build({ mode: 'node', logLevel });
if (!process.argv.includes('--node')) {
  await build({ mode: 'renderer', logLevel });
  await build({ mode: 'extension', logLevel });
  await build({ mode: 'shell', logLevel });
  await build({ mode: 'preload', logLevel });
}
