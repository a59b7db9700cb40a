/**
 * One build for everything: `vite build --mode node` makes the Node programs (engine, command line, simulator),
 * `vite build --mode renderer` the dashboard, `vite build --mode shell` the Electron shell (one CommonJS file each for main and preload,
 * everything bundled: the packages carry no node_modules for it). STOKER_BUILD_DIR moves the output, so that tests never disturb dist/.
 */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = import.meta.dirname;
const outDir = resolve(process.env.STOKER_BUILD_DIR ?? resolve(root, 'dist'));

/** Node 16 is what the Electron of the tests has; users get a newer one. */
const shell = {
  root,
  ssr: { noExternal: true as const, external: ['electron'] },
  build: {
    ssr: true,
    outDir: resolve(outDir, 'electron'),
    emptyOutDir: true,
    target: 'node16',
    sourcemap: false,
    minify: false,
    rollupOptions: {
      input: { main: resolve(root, 'electron/main.ts'), preload: resolve(root, 'electron/preload.ts') },
      output: { format: 'cjs' as const, entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
    },
  },
};

export default defineConfig(({ mode }) =>
  mode === 'shell'
    ? shell
    : mode === 'renderer'
      ? {
          root: resolve(root, 'renderer'),
          base: '/manager/',
          plugins: [react()],
          build: {
            outDir: resolve(outDir, 'renderer'),
            emptyOutDir: true,
            target: 'chrome108',
            sourcemap: false,
            chunkSizeWarningLimit: 700,
          },
        }
      : {
          root,
          // Bundled, zod loses the languages of its messages: 15 MB less memory at rest.
          ssr: { noExternal: ['zod', 'fastify-type-provider-zod'] },
          build: {
            ssr: true,
            outDir,
            emptyOutDir: false,
            target: 'node20',
            sourcemap: true,
            minify: false,
            rollupOptions: {
              input: {
                'cli/main': resolve(root, 'cli/main.ts'),
                'simulator/comfyui': resolve(root, 'simulator/comfyui/main.ts'),
              },
              output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
            },
          },
        },
);
