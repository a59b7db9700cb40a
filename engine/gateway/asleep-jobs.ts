/** `GET /jobs`, which newer pages ask in place of `/queue` and `/history`: the same facts, in that answer's words. Pure. */
import type { QueueItemTuple } from '../comfyui/queue-items.ts';

type Facts = Readonly<Record<string, unknown>>;

/**
 * @param kept prompts that wait here until ComfyUI may run
 * @param history by prompt id, as ComfyUI last told it
 */
export function jobsPage(target: string, history: Facts, kept: readonly QueueItemTuple[]): Facts {
  const queryAt = target.indexOf('?');
  const query = new URLSearchParams(queryAt === -1 ? '' : target.slice(queryAt));
  const wanted = query.get('status')?.split(',') ?? null;
  const workflow = query.get('workflow_id');
  const all = [...kept.map(waitingJob), ...Object.entries(history).map(([id, entry]) => endedJob(id, factsOf(entry)))]
    .filter(({ status }) => wanted === null || wanted.includes(String(status)))
    .filter(({ workflow_id }) => workflow === null || workflow_id === workflow)
    .sort((left, right) => Number(right.create_time ?? 0) - Number(left.create_time ?? 0));
  const offset = count(query.get('offset')) ?? 0;
  const limit = count(query.get('limit'));
  const jobs = all.slice(offset, limit === null ? undefined : offset + limit);
  const pagination = { offset, limit, total: all.length, has_more: offset + jobs.length < all.length };
  return { jobs, pagination };
}

/** One of them with all there is of it; null when there is none. */
export function wholeJob(id: string, history: Facts, kept: readonly QueueItemTuple[]): Facts | null {
  const waiting = kept.find(([, promptId]) => promptId === id);
  if (waiting !== undefined) return waitingJob(waiting);
  if (!Object.hasOwn(history, id)) return null;
  const entry = factsOf(history[id]);
  const [, , prompt, extraData] = listOf(entry.prompt);
  return {
    ...endedJob(id, entry),
    outputs: factsOf(entry.outputs),
    execution_status: entry.status ?? {},
    workflow: { prompt, extra_data: extraData },
  };
}

const waitingJob = ([priority, id, , extraData]: QueueItemTuple): Facts => ({
  id,
  status: 'pending',
  priority,
  ...origin(factsOf(extraData)),
  outputs_count: 0,
});

function endedJob(id: string, entry: Facts): Facts {
  const [priority, , , extraData] = listOf(entry.prompt);
  const status = factsOf(entry.status);
  const messages = new Map(
    listOf(status.messages).map((message) => {
      const [name, data] = listOf(message);
      return [String(name), factsOf(data)];
    }),
  );
  const end = ['execution_success', 'execution_error', 'execution_interrupted'].find((name) => messages.has(name));
  const files = filesOf(factsOf(entry.outputs));
  return {
    id,
    status: end === 'execution_interrupted' ? 'cancelled' : status.status_str === 'error' ? 'failed' : 'completed',
    priority: priority ?? 0,
    ...origin(factsOf(extraData)),
    ...present('execution_start_time', messages.get('execution_start')?.timestamp),
    ...present('execution_end_time', end === undefined ? undefined : messages.get(end)?.timestamp),
    ...present('execution_error', messages.get('execution_error')),
    outputs_count: files.length,
    ...present('preview_output', files.find(({ type }) => type === 'output') ?? files[0]),
  };
}

const origin = (extraData: Facts): Facts => ({
  ...present('create_time', extraData.create_time),
  ...present('workflow_id', factsOf(factsOf(extraData.extra_pnginfo).workflow).id),
});

/** Those a page can show, with the node that made them. */
function filesOf(outputs: Facts): Facts[] {
  return Object.entries(outputs).flatMap(([nodeId, kinds]) =>
    Object.entries(factsOf(kinds)).flatMap(([mediaType, items]) =>
      /^(?:images|video|audio|gifs)$/.test(mediaType)
        ? listOf(items).map((item) => ({ ...factsOf(item), nodeId, mediaType }))
        : [],
    ),
  );
}

const present = (name: string, value: unknown): Facts =>
  value === undefined || value === null ? {} : { [name]: value };
const factsOf = (value: unknown): Facts => (typeof value === 'object' && value !== null ? (value as Facts) : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const count = (text: string | null): number | null => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null);
