/**
 * One build for everything: `vite build --mode node` makes the Node programs (engine, command line, simulator),
 * `vite build --mode renderer` the dashboard, `--mode extension` the script added to ComfyUI's page, `--mode shell` the Electron shell and `--mode preload` the script of its dashboard window (CommonJS,
 * everything bundled: the packages carry no node_modules for them). STOKER_BUILD_DIR moves the output, so that tests never disturb dist/.
 */
import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = import.meta.dirname;
const outDir = resolve(process.env.STOKER_BUILD_DIR ?? resolve(root, 'dist'));

/**
 * Node 16 is what the Electron of the tests has; users get a newer one. A build for each of the two: a script in the sandbox can load
 * no file beside it, and one build would put what both use into a third.
 */
const shell = (entry: 'main' | 'preload') => ({
  root,
  ssr: { noExternal: true as const, external: ['electron'] },
  build: {
    ssr: true,
    outDir: resolve(outDir, 'electron'),
    emptyOutDir: entry === 'main',
    target: 'node16',
    sourcemap: false,
    minify: false,
    rollupOptions: {
      input: { [entry]: resolve(root, `electron/${entry}.ts`) },
      output: { format: 'cjs' as const, entryFileNames: '[name].cjs', chunkFileNames: '[name]-[hash].cjs' },
    },
  },
});

/** One module, because the gateway answers one path; what the page itself offers is imported from where the page has it. */
const extension = {
  root,
  publicDir: false as const,
  build: {
    outDir: resolve(outDir, 'extension'),
    emptyOutDir: true,
    target: 'chrome108',
    sourcemap: false,
    lib: {
      entry: resolve(root, 'engine/comfyui/extension/main.ts'),
      formats: ['es' as const],
      fileName: () => 'stoker.js',
    },
    rollupOptions: {
      external: ['comfyui/scripts/app.js'],
      output: { paths: { 'comfyui/scripts/app.js': '../../scripts/app.js' } },
    },
  },
};

export default defineConfig(({ mode }) =>
  mode === 'extension'
    ? extension
    : mode === 'shell' || mode === 'preload'
      ? shell(mode === 'shell' ? 'main' : 'preload')
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
              chunkSizeWarningLimit: 900,
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
                  'simulator/runpod': resolve(root, 'simulator/runpod/main.ts'),
                },
                output: { format: 'es', entryFileNames: '[name].js', chunkFileNames: 'chunks/[name]-[hash].js' },
              },
            },
          },
);
