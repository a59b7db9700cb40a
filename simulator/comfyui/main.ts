/**
 * The ComfyUI simulator: a process of its own that behaves like `python main.py` of ComfyUI 0.3.64, needs no GPU and no
 * Python, and can be made to fail. It knows nothing of Stoker. The image worker is this same file, started as a thread.
 */
import { isMainThread, parentPort } from 'node:worker_threads';

if (isMainThread) {
  const { runSimulator } = await import('./simulator.ts');
  await runSimulator(process.argv.slice(2), new URL(import.meta.url));
} else if (parentPort) {
  const { serveImageTasks } = await import('./images/image-worker.ts');
  serveImageTasks(parentPort);
}
