/** The worker's side: takes one task after the other and answers with its result or the message of its error. */
import type { MessagePort } from 'node:worker_threads';
import { type ImageTaskName, imageTasks } from './image-tasks.ts';

export interface TaskMessage {
  id: number;
  name: ImageTaskName;
  parameters: unknown[];
}

export type TaskAnswer = { id: number; result: unknown } | { id: number; error: string };

export function serveImageTasks(port: MessagePort): void {
  port.on('message', ({ id, name, parameters }: TaskMessage) => {
    try {
      const task = imageTasks[name] as (...values: unknown[]) => unknown;
      port.postMessage({ id, result: task(...parameters) } satisfies TaskAnswer);
    } catch (error) {
      port.postMessage({ id, error: error instanceof Error ? error.message : String(error) } satisfies TaskAnswer);
    }
  });
}
