/**
 * One build for everything: `vite build --mode node` makes the Node programs (engine, command line, simulator),
 * `vite build --mode renderer` the dashboard. STOKER_BUILD_DIR moves the output, so that tests never disturb dist/.
 */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = import.meta.dirname;
const outDir = resolve(process.env.STOKER_BUILD_DIR ?? resolve(root, 'dist'));

export default defineConfig(({ mode }) =>
  mode === 'renderer'
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
