/** Asks the engine to start ComfyUI and shows the boot phases on a terminal while it does. */
import { StatusSchema } from '../contract/status.ts';
import { bootWords } from './boot-words.ts';
import type { EngineClient } from './engine-client.ts';
import { formatDuration } from './format.ts';
import { createProgressLine, print, printJson } from './output.ts';

/** @throws CommandFailure (exit 4) with the last log lines when ComfyUI did not start */
export async function startAndReport(client: EngineClient, route: string, body: object, json: boolean): Promise<void> {
  const startedAt = performance.now();
  const progress = createProgressLine();
  const answered = new AbortController();
  const watching = showBoot(client, progress, answered.signal);
  try {
    const status = await client.post(route, body, StatusSchema);
    progress.clear();
    if (json) printJson(status);
    else {
      const seconds = formatDuration((performance.now() - startedAt) / 1000);
      print(`ComfyUI runs at ${status.gateway.url} (pid ${status.pid}, ready after ${seconds}).`);
    }
  } finally {
    progress.clear();
    answered.abort();
    await watching;
  }
}

/** Never fails: whether the start went well is what the answer to the request says. */
async function showBoot(
  client: EngineClient,
  progress: ReturnType<typeof createProgressLine>,
  signal: AbortSignal,
): Promise<void> {
  if (!process.stderr.isTTY) return;
  try {
    for await (const event of client.events(['status'], signal)) {
      if (event.name !== 'status') continue;
      const { state, boot, reason } = event.value;
      if (boot !== null) progress.show(`Starting ComfyUI: ${bootWords(boot)}`);
      else if (state === 'stopping' || state === 'backingOff') progress.show(reason);
    }
  } catch {
    // The stream was ended by us, or the engine is gone and the request says so.
  }
}
