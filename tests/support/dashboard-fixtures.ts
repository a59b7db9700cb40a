/** The status of the engine in each state, for tests of the dashboard: every value passes the contract's schema, so that none can drift. */
import { type CourtesyStatus, NO_COURTESY } from '../../contract/courtesy.ts';
import { type GpuReading, GpuReadingSchema } from '../../contract/gpu.ts';
import { NO_JOBS, NO_PAGE, type Status, StatusSchema } from '../../contract/status.ts';
import type { Failure } from '../../contract/supervisor-state.ts';

const GB = 2 ** 30;
export const COMFY_FOLDER = '/home/mira/ai/ComfyUI';

const iso = (at: number): string => new Date(at).toISOString();

export function gpuReading(changes: Partial<GpuReading> = {}): GpuReading {
  return GpuReadingSchema.parse({
    id: 'GPU-4a1c',
    index: 0,
    name: 'NVIDIA GeForce RTX 4090',
    vendor: 'nvidia',
    vramTotalBytes: 24_564 * 2 ** 20,
    vramUsedBytes: 1.1 * GB,
    vramComfyBytes: 0,
    utilizationPercent: 0,
    temperatureCelsius: 38,
    powerWatts: 17.4,
    ...changes,
  });
}

const HOLDING = { vramUsedBytes: 19.3 * GB, vramComfyBytes: 18.2 * GB, temperatureCelsius: 46, powerWatts: 61.2 };

/** Four cards of a render box, each in another mood. */
export function fourGpus(): GpuReading[] {
  const name = 'NVIDIA RTX 6000 Ada Generation';
  const vramTotalBytes = 49_140 * 2 ** 20;
  return [
    gpuReading({
      id: 'a',
      index: 0,
      name,
      vramTotalBytes,
      vramUsedBytes: 41.2 * GB,
      vramComfyBytes: 40.6 * GB,
      utilizationPercent: 98,
      temperatureCelsius: 79,
      powerWatts: 291,
    }),
    gpuReading({
      id: 'b',
      index: 1,
      name,
      vramTotalBytes,
      vramUsedBytes: 30.5 * GB,
      vramComfyBytes: 0,
      utilizationPercent: 44,
      temperatureCelsius: 61,
      powerWatts: 180,
    }),
    gpuReading({
      id: 'c',
      index: 2,
      name,
      vramTotalBytes,
      vramUsedBytes: 0.4 * GB,
      vramComfyBytes: 0,
      utilizationPercent: 0,
      temperatureCelsius: 33,
      powerWatts: 14,
    }),
    gpuReading({
      id: 'd',
      index: 3,
      name: 'NVIDIA T400 4GB',
      vramTotalBytes: 4096 * 2 ** 20,
      vramUsedBytes: 0.9 * GB,
      vramComfyBytes: null,
      utilizationPercent: 3,
      temperatureCelsius: null,
      powerWatts: null,
    }),
  ];
}

/** @param now epoch milliseconds */
export function asleep(now: number, changes: Partial<Status> = {}): Status {
  return StatusSchema.parse({
    state: 'stopped',
    reason: 'Asleep: nothing needed it for the idle time.',
    reasonCode: 'idle',
    pid: null,
    port: null,
    since: iso(now - 42 * 60_000),
    boot: null,
    retryAt: null,
    error: null,
    idle: {
      idleSeconds: 0,
      timeoutSeconds: 300,
      freesAt: null,
      stopsAt: null,
      freed: false,
      blockedBy: [],
      keepAwakeUntil: null,
      stopWhenDone: false,
    },
    queue: { running: 0, pending: 0, known: true, current: null, items: [] },
    courtesy: NO_COURTESY,
    jobs: NO_JOBS,
    page: NO_PAGE,
    gpus: [gpuReading()],
    gpuNote: null,
    gateway: { url: 'http://127.0.0.1:8188', heldRequests: 0, sockets: 1 },
    installation: { configured: true, label: COMFY_FOLDER, comfyuiVersion: '0.3.64' },
    engine: {
      pid: 4100,
      startedAt: iso(now - 9 * 3_600_000),
      demo: false,
      dataFolder: '/home/mira/.local/share/stoker',
    },
    version: '0.1.0',
    ...changes,
  });
}

export function waking(now: number, changes: Partial<Status> = {}): Status {
  return asleep(now, {
    state: 'starting',
    reason: 'Starting because a request needed it.',
    reasonCode: 'request',
    since: iso(now - 7000),
    boot: {
      phase: 'customNodes',
      detail: 'ComfyUI-Impact-Pack-with-Ultralytics-and-Segment-Anything-Subpack',
      elapsedSeconds: 7,
      expectedSeconds: 12.4,
      attempt: 1,
    },
    gateway: { url: 'http://127.0.0.1:8188', heldRequests: 2, sockets: 1 },
    ...changes,
  });
}

export function firstWaking(now: number): Status {
  return waking(now, {
    reason: 'Starting because you asked for it.',
    boot: { phase: 'torch', detail: null, elapsedSeconds: 7, expectedSeconds: null, attempt: 1 },
    gateway: { url: 'http://127.0.0.1:8188', heldRequests: 0, sockets: 0 },
  });
}

export function ready(now: number, changes: Partial<Status> = {}): Status {
  const base = asleep(now);
  return asleep(now, {
    state: 'running',
    reason: 'Running because a request needed it.',
    reasonCode: 'request',
    pid: 51_313,
    port: 43_117,
    since: iso(now - (2 * 3600 + 12 * 60) * 1000),
    idle: { ...base.idle, idleSeconds: 28, freesAt: iso(now + 92_000), stopsAt: iso(now + 272_000) },
    gpus: [gpuReading(HOLDING)],
    gateway: { url: 'http://127.0.0.1:8188', heldRequests: 0, sockets: 3 },
    ...changes,
  });
}

export function keptAwake(now: number, untilMs: number): Status {
  const base = ready(now);
  return ready(now, {
    idle: { ...base.idle, freesAt: null, stopsAt: null, blockedBy: ['keepAwake'], keepAwakeUntil: iso(untilMs) },
  });
}

export function working(now: number, changes: Partial<Status> = {}): Status {
  const base = ready(now);
  return ready(now, {
    idle: { ...base.idle, idleSeconds: 0, freesAt: null, stopsAt: null, blockedBy: ['running', 'pending'] },
    queue: {
      running: 1,
      pending: 3,
      known: true,
      current: { promptId: 'p-41', node: '3', nodeType: 'KSampler', value: 14, max: 20, nodesDone: 4, nodesTotal: 9 },
      items: [
        { promptId: 'p-41', number: 41, nodeCount: 9, title: 'portrait_of_a_lighthouse_keeper' },
        { promptId: 'p-42', number: 42, nodeCount: 9, title: 'portrait_of_a_lighthouse_keeper' },
        {
          promptId: 'p-43',
          number: 43,
          nodeCount: 31,
          title: 'upscale/4x_with_very_long_filename_prefix_that_somebody_generated_by_hand_2026-11-21',
        },
        { promptId: 'p-44', number: 44, nodeCount: 3, title: null },
      ],
    },
    gpus: [gpuReading({ ...HOLDING, utilizationPercent: 97, temperatureCelsius: 71, powerWatts: 402.8 })],
    ...changes,
  });
}

export function stopping(now: number): Status {
  return ready(now, {
    state: 'stopping',
    reason: 'Stopping: waiting for ComfyUI and everything it started to end.',
    reasonCode: 'idle',
    since: iso(now - 3000),
    pid: null,
    port: null,
    idle: asleep(now).idle,
  });
}

/** The user pressed *Pause and free the card* with three prompts waiting. */
export function paused(now: number): Status {
  return asleep(now, {
    reason: 'Stopped because the card was given away.',
    reasonCode: 'user',
    courtesy: {
      ...NO_COURTESY,
      state: 'yielded',
      cause: 'paused',
      reason: 'Paused: the card is free for others.',
      since: iso(now - 6 * 60_000),
      parkedPrompts: 3,
    },
  });
}

const LEASES: CourtesyStatus['leases'] = [
  {
    id: 'lease-1',
    owner: 'ollama',
    reason: 'llama3:70b answers a question',
    since: iso(0),
    until: iso(0),
    granted: true,
  },
  { id: 'lease-2', owner: 'nightly-render.sh', reason: '', since: iso(0), until: iso(0), granted: true },
];

/** Two scripts asked for the card; it comes back in four minutes. */
export function lent(now: number): Status {
  const until = iso(now + 250_000);
  const leases = LEASES.map((lease) => ({ ...lease, since: iso(now - 50_000), until }));
  return asleep(now, {
    reason: 'Stopped because the card was given away.',
    reasonCode: 'user',
    courtesy: {
      state: 'yielded',
      cause: 'lease',
      reason: 'ollama has the card: llama3:70b answers a question.',
      since: iso(now - 50_000),
      until,
      parkedPrompts: 1,
      leases,
    },
  });
}

/** A listed program has started; the running prompt is finished first. */
export function draining(now: number): Status {
  return working(now, {
    courtesy: {
      ...NO_COURTESY,
      state: 'draining',
      cause: 'program',
      reason: 'blender is running, which is in the list of programs.',
      since: iso(now - 4000),
      parkedPrompts: 3,
    },
  });
}

/** The end of a log after the card ran out of memory. */
export const CRASH_TAIL = [
  '  File "/home/mira/ai/ComfyUI/execution.py", line 496, in execute',
  '    output_data, output_ui, has_subgraph, has_pending_tasks = await get_output_data(prompt_id, unique_id, obj, input_data_all)',
  '  File "/home/mira/ai/ComfyUI/comfy/ldm/modules/attention.py", line 412, in attention_pytorch',
  '    out = torch.nn.functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, dropout_p=0.0, is_causal=False)',
  'torch.OutOfMemoryError: Allocation on device 0 would exceed allowed memory. (out of memory)',
  'Currently allocated     : 22.11 GiB',
];

const IMPORT_TAIL = [
  'Python version: 3.11.7 (main, May  9 2026, 07:35:25) [GCC 12.2.0]',
  'ComfyUI version: 0.3.64',
  '[Prompt Server] web root: /home/mira/ai/venv/lib/python3.11/site-packages/comfyui_frontend_package/static',
  'Traceback (most recent call last):',
  '  File "/home/mira/ai/ComfyUI/custom_nodes/ComfyUI-Impact-Pack/__init__.py", line 12, in <module>',
  '    sys.exit(7)',
  'SystemExit: 7',
];

function failure(changes: Partial<Failure>): Failure {
  return {
    code: 'exited_early',
    message: '',
    exitCode: null,
    signal: null,
    suspect: null,
    offerWithoutCustomNodes: false,
    logTail: [],
    ...changes,
  };
}

export function backingOff(now: number): Status {
  const error = failure({
    code: 'crashed',
    message: 'ComfyUI crashed while it ran KSampler: the card ran out of memory (killed by signal SIGSEGV).',
    signal: 'SIGSEGV',
    suspect: 'KSampler (node 3)',
    logTail: CRASH_TAIL,
  });
  return asleep(now, {
    state: 'backingOff',
    reason: error.message,
    reasonCode: error.code,
    since: iso(now - 4000),
    retryAt: iso(now + 12_000),
    error,
  });
}

export function failed(now: number): Status {
  const error = failure({
    message:
      'ComfyUI ended with exit code 7 before it was ready, while it imported the custom node ComfyUI-Impact-Pack-with-Ultralytics-and-Segment-Anything-Subpack.',
    exitCode: 7,
    suspect: 'ComfyUI-Impact-Pack-with-Ultralytics-and-Segment-Anything-Subpack',
    offerWithoutCustomNodes: true,
    logTail: IMPORT_TAIL,
  });
  return asleep(now, {
    state: 'failed',
    reason: error.message,
    reasonCode: error.code,
    since: iso(now - 60_000),
    error,
  });
}

export function unconfigured(now: number): Status {
  return asleep(now, {
    reason: 'Not started yet.',
    reasonCode: 'neverStarted',
    installation: { configured: false, label: null, comfyuiVersion: null },
    gateway: { url: 'http://127.0.0.1:8188', heldRequests: 0, sockets: 0 },
  });
}

export function withoutGpu(now: number): Status {
  return ready(now, { gpus: [], gpuNote: 'No GPU was found: neither nvidia-smi nor amd-smi is installed.' });
}
