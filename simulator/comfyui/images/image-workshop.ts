/**
 * Runs image work in a thread of its own, so that HTTP stays responsive while a picture of many megapixels is blurred.
 * The thread starts with the first task: most simulators of a test run never need it.
 */
import { Worker } from 'node:worker_threads';
import type { ImageTaskName, ImageTasks } from './image-tasks.ts';
import type { TaskAnswer, TaskMessage } from './image-worker.ts';

export interface ImageWorkshop {
  /** Rejects with the task's own error. Tasks run one after the other. */
  run<Name extends ImageTaskName>(
    name: Name,
    ...parameters: Parameters<ImageTasks[Name]>
  ): Promise<ReturnType<ImageTasks[Name]>>;
}

/** `entry` is the file to start the thread from; it must call serveImageTasks when it is not the main thread. */
export function createImageWorkshop(entry: URL): ImageWorkshop {
  const waiting = new Map<number, { resolve: (value: never) => void; reject: (error: Error) => void }>();
  let worker: Worker | undefined;
  let nextId = 0;

  const start = (): Worker => {
    const started = new Worker(entry);
    // The server keeps the process alive, an idle thread must not.
    started.unref();
    started.on('message', (answer: TaskAnswer) => {
      const task = waiting.get(answer.id);
      waiting.delete(answer.id);
      if ('error' in answer) task?.reject(new Error(answer.error));
      else task?.resolve(answer.result as never);
    });
    started.on('error', (error: Error) => {
      worker = undefined;
      for (const task of waiting.values()) task.reject(error);
      waiting.clear();
    });
    return started;
  };

  return {
    run: (name, ...parameters) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        const id = nextId;
        nextId += 1;
        waiting.set(id, { resolve, reject });
        worker.postMessage({ id, name, parameters } satisfies TaskMessage);
      }),
  };
}
