/** POST /prompt, the queue, the history, interrupt and free: everything that submits work or looks at it. */
import { randomUUID } from 'node:crypto';
import type { Prompt } from '../execution/prompt.ts';
import type { PromptQueue } from '../execution/prompt-queue.ts';
import type { PromptRunner } from '../execution/prompt-runner.ts';
import { type Validation, validatePrompt } from '../execution/prompt-validation.ts';
import type { NodeCatalogue } from '../nodes/node-catalogue.ts';
import type { ProcessLog } from '../process/process-log.ts';
import { pythonRepr, pythonText } from './python-json.ts';
import { empty, json, type Reply } from './reply.ts';
import { type RouteRequest, readBody, readJson, readJsonObject } from './request.ts';
import type { Route } from './route-table.ts';

export interface PromptRouteParts {
  queue: PromptQueue;
  runner: PromptRunner;
  catalogue: NodeCatalogue;
  log: ProcessLog;
}

export function promptRoutes({ queue, runner, catalogue, log }: PromptRouteParts): Route[] {
  let nextNumber = 0;

  const numberOf = (body: Record<string, unknown>): number => {
    if (body.number !== undefined) return Number(body.number);
    // Counted up also for prompts that are refused.
    const number = body.front ? -nextNumber : nextNumber;
    nextNumber += 1;
    return number;
  };

  const submit = async (request: RouteRequest): Promise<Reply> => {
    log.print('got prompt');
    const body = await readJson(request);
    if (typeof body !== 'object' || body === null) throw new TypeError('the body is neither an object nor a list');
    const fields = Array.isArray(body) ? {} : (body as Record<string, unknown>);
    const number = numberOf(fields);
    if (!('prompt' in fields)) {
      const message = 'No prompt provided';
      return json({ error: { type: 'no_prompt', message, details: message, extra_info: {} }, node_errors: {} }, 400);
    }
    if (typeof fields.prompt !== 'object' || fields.prompt === null) throw new TypeError('prompt is not an object');
    const prompt = fields.prompt as Prompt;
    const promptId = fields.prompt_id === undefined ? randomUUID() : pythonText(fields.prompt_id);
    const targets = Array.isArray(fields.partial_execution_targets) ? fields.partial_execution_targets : undefined;
    const validation = validatePrompt(prompt, catalogue, targets);
    printFaults(validation, log);
    if (!validation.valid) {
      log.print(`invalid prompt: ${pythonRepr(validation.error)}`);
      return json({ error: validation.error, node_errors: validation.nodeErrors }, 400);
    }
    const extraData = { ...((fields.extra_data as Record<string, unknown> | undefined) ?? {}) };
    if (fields.client_id !== undefined) extraData.client_id = fields.client_id;
    queue.put([number, promptId, prompt, extraData, validation.outputs]);
    return json({ prompt_id: promptId, number, node_errors: validation.nodeErrors });
  };

  const interrupt = async (request: RouteRequest): Promise<Reply> => {
    const body = await readBody(request);
    const promptId = requestedPrompt(body);
    if (!promptId) {
      log.print('Global interrupt (no prompt_id specified)');
      runner.interrupt();
    } else if (queue.running()?.[1] === promptId) {
      log.print(`Interrupting prompt ${promptId}`);
      runner.interrupt();
    } else log.print(`Prompt ${promptId} is not currently running, skipping interrupt`);
    return empty(200);
  };

  const history = ({ query }: RouteRequest): Reply => {
    const integer = (name: string): number | undefined => {
      const value = query.get(name);
      if (value === null) return undefined;
      if (!/^\s*[+-]?\d+\s*$/.test(value)) throw new RangeError(`${name} is no integer`);
      return Number(value);
    };
    const maxItems = integer('max_items');
    return json(queue.history({ offset: integer('offset') ?? -1, ...(maxItems === undefined ? {} : { maxItems }) }));
  };

  return [
    { method: 'GET', path: '/prompt', handle: () => json({ exec_info: { queue_remaining: queue.remaining() } }) },
    { method: 'POST', path: '/prompt', handle: submit },
    {
      method: 'GET',
      path: '/queue',
      handle: () => {
        const running = queue.running();
        return json({ queue_running: running ? [running] : [], queue_pending: queue.pending() });
      },
    },
    {
      method: 'POST',
      path: '/queue',
      handle: async (request) => {
        const body = await readListRequest(request);
        if (body.clear) queue.clear();
        for (const promptId of idsOf(body.delete)) queue.remove(promptId);
        return empty(200);
      },
    },
    { method: 'POST', path: '/interrupt', handle: interrupt },
    {
      method: 'POST',
      path: '/free',
      handle: async (request) => {
        const body = await readJsonObject(request);
        const flags = {
          ...(body.unload_models ? { unloadModels: true } : {}),
          ...(body.free_memory ? { freeMemory: true } : {}),
        };
        if (Object.keys(flags).length > 0) queue.setFlags(flags);
        return empty(200);
      },
    },
    { method: 'GET', path: '/history', handle: history },
    {
      method: 'GET',
      path: '/history/{prompt_id}',
      handle: ({ parameters }) => json(queue.historyOf(parameters.prompt_id ?? '')),
    },
    {
      method: 'POST',
      path: '/history',
      handle: async (request) => {
        const body = await readListRequest(request);
        if (body.clear) queue.clearHistory();
        for (const promptId of idsOf(body.delete)) queue.removeHistory(promptId);
        return empty(200);
      },
    },
  ];
}

/** An empty body or one that is no JSON means: whatever runs. JSON that is no object is an error there as well. */
function requestedPrompt(body: Buffer): string | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError('the body is no object');
  return 'prompt_id' in value && value.prompt_id ? String(value.prompt_id) : undefined;
}

/** What to clear or delete. A JSON list asks for nothing, as in Python `"clear" in []` is simply false. */
async function readListRequest(request: RouteRequest): Promise<Record<string, unknown>> {
  const body = await readJson(request);
  if (typeof body !== 'object' || body === null) throw new TypeError('the body is neither an object nor a list');
  return Array.isArray(body) ? {} : (body as Record<string, unknown>);
}

function idsOf(value: unknown): string[] {
  if (value === undefined) return [];
  if (typeof value === 'string') return [...value];
  if (!Array.isArray(value)) throw new TypeError('delete is no list');
  return value.map(String);
}

function printFaults(validation: Validation, log: ProcessLog): void {
  for (const [nodeId, { errors, dependent_outputs, class_type }] of Object.entries(validation.nodeErrors)) {
    log.print(`Failed to validate prompt for output ${dependent_outputs.join(', ')}:`, 'error');
    log.print(`* ${class_type} ${nodeId}:`, 'error');
    for (const error of errors) log.print(`  - ${error.message}: ${error.details}`, 'error');
    log.print('Output will be ignored', 'error');
  }
}
