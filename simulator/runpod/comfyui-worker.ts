/**
 * What worker-comfyui's handler does with a job, on a ComfyUI given by address: uploads the input images, queues the workflow, waits, and
 * returns the pictures as base64. Its answers are those recorded from worker-comfyui 5.8.5, shortcomings included: only `images` come back,
 * subfolders are dropped, an invalid branch is lost in silence.
 */
import type { WorkerResult } from './job-book.ts';

const POLL_MS = 50;

type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Never rejects. `signal` aborts when the platform wants the worker to stop. */
export async function runJob(url: string, input: unknown, signal: AbortSignal): Promise<WorkerResult> {
  const problem = validate(input);
  if (problem !== null) return { error: problem };
  const { workflow, images } = input as { workflow: Json; images?: readonly { name: string; image: string }[] };
  try {
    for (const image of images ?? []) {
      if (!(await upload(url, image, signal))) return { error: 'Failed to upload one or more input images' };
    }
    const queued = await fetch(`${url}/prompt`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ prompt: workflow }),
      signal,
    });
    const answer: unknown = await queued.json();
    if (queued.status !== 200 || !isJson(answer)) return { error: refusal(answer) };
    const entry = await waitForEnd(url, String(answer.prompt_id), signal);
    return await resultOf(url, entry, signal);
  } catch {
    if (signal.aborted) await fetch(`${url}/interrupt`, { method: 'POST' }).catch(() => undefined);
    return { error: 'WebSocket communication error: ComfyUI HTTP unreachable during websocket reconnect' };
  }
}

function validate(input: unknown): string | null {
  if (!isJson(input) || input.workflow === undefined) return "Missing 'workflow' parameter";
  const { images } = input;
  if (images === undefined) return null;
  const good = (each: unknown): boolean => isJson(each) && 'name' in each && 'image' in each;
  return Array.isArray(images) && images.every(good)
    ? null
    : "'images' must be a list of objects with 'name' and 'image' keys";
}

async function upload(url: string, { name, image }: { name: string; image: string }, signal: AbortSignal) {
  const base64 = image.replace(/^data:[^,]*,/, '');
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(base64)) return false;
  const form = new FormData();
  form.append('image', new Blob([Buffer.from(base64, 'base64')], { type: 'image/png' }), name);
  form.append('overwrite', 'true');
  return (await fetch(`${url}/upload/image`, { method: 'POST', body: form, signal })).ok;
}

/** ComfyUI's 400 as the handler words it. */
function refusal(answer: unknown): string {
  if (!isJson(answer)) return 'Error queuing workflow: 500 Server Error: Internal Server Error for url: /prompt';
  const nodes = Object.entries(isJson(answer.node_errors) ? answer.node_errors : {});
  const error = isJson(answer.error) ? answer.error : {};
  if (nodes.length === 0) return `${String(error.message)}. Raw response: ${JSON.stringify(answer)}`;
  const lines = nodes.flatMap(([id, node]) =>
    Object.entries(isJson(node) ? node : {}).map(([key, value]) => `• Node ${id} (${key}): ${JSON.stringify(value)}`),
  );
  return `Workflow validation failed:\n${lines.join('\n')}`;
}

async function waitForEnd(url: string, promptId: string, signal: AbortSignal): Promise<Json> {
  for (;;) {
    signal.throwIfAborted();
    const history: unknown = await (await fetch(`${url}/history/${promptId}`, { signal })).json();
    const entry = isJson(history) ? history[promptId] : undefined;
    if (isJson(entry)) return entry;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

async function resultOf(url: string, entry: Json, signal: AbortSignal): Promise<WorkerResult> {
  const status = isJson(entry.status) ? entry.status : {};
  if (status.status_str === 'error') {
    return { error: 'Job processing failed', output: { details: [failureOf(status.messages)] } };
  }
  const images: { filename: string; type: string; data: string }[] = [];
  for (const output of Object.values(isJson(entry.outputs) ? entry.outputs : {})) {
    const list = isJson(output) && Array.isArray(output.images) ? output.images : [];
    for (const image of list.filter(isJson)) {
      if (image.type === 'temp') continue;
      const { filename, subfolder, type } = image as Record<string, string>;
      const query = new URLSearchParams({
        filename: filename ?? '',
        subfolder: subfolder ?? '',
        type: type ?? 'output',
      });
      const bytes = await (await fetch(`${url}/view?${query}`, { signal })).arrayBuffer();
      images.push({ filename: filename ?? '', type: 'base64', data: Buffer.from(bytes).toString('base64') });
    }
  }
  return { output: images.length === 0 ? { status: 'success_no_images', images } : { images } };
}

function failureOf(messages: unknown): string {
  const list: unknown[] = Array.isArray(messages) ? messages : [];
  const found = list.find((message) => Array.isArray(message) && message[0] === 'execution_error');
  const body: Json = Array.isArray(found) && isJson(found[1]) ? found[1] : {};
  return `Workflow execution error: Node Type: ${body.node_type}, Node ID: ${body.node_id}, Message: ${body.exception_message}`;
}
