/** What the engine would answer in each state, for tests of the dashboard: every value passes the contract's schema, so that none can drift. */
import { type DoctorReport, DoctorReportSchema, type Installation, InstallationSchema } from '../../contract/doctor.ts';
import { type Happening, HappeningSchema, type LogLine, LogLineSchema } from '../../contract/events.ts';
import {
  type GpuHistory,
  type GpuHistoryRange,
  GpuHistorySchema,
  type GpuReading,
  GpuReadingSchema,
} from '../../contract/gpu.ts';
import { type SettingsAnswer, SettingsAnswerSchema, SettingsSchema } from '../../contract/settings.ts';
import { type Status, StatusSchema } from '../../contract/status.ts';
import type { Failure } from '../../contract/supervisor-state.ts';

const GB = 2 ** 30;
const COMFY_FOLDER = '/home/mira/ai/ComfyUI';

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

const CRASH_TAIL = [
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

/** An hour or a day of one card: a morning of work, a sleep that nobody measured, work again. */
export function gpuHistory(
  range: GpuHistoryRange,
  now: number,
  gpus: readonly GpuReading[] = [gpuReading()],
): GpuHistory {
  const stepSeconds = range === 'hour' ? 10 : 240;
  const steps = 360;
  const end = Math.floor(now / 1000 / stepSeconds) * stepSeconds;
  return GpuHistorySchema.parse({
    range,
    stepSeconds,
    gpus: gpus.map((gpu, card) => {
      const times: number[] = [];
      const columns = { vramUsedBytes: [], vramComfyBytes: [], utilizationPercent: [], powerWatts: [] } as {
        [Column in 'vramUsedBytes' | 'vramComfyBytes' | 'utilizationPercent' | 'powerWatts']: (number | null)[];
      };
      for (let step = 0; step < steps; step += 1) {
        const moment = measuredAt(step / steps, step + card * 37, gpu.vramTotalBytes ?? 0);
        times.push(end - (steps - 1 - step) * stepSeconds);
        columns.vramUsedBytes.push(moment?.used ?? null);
        columns.vramComfyBytes.push(gpu.vramComfyBytes === null ? null : (moment?.comfy ?? null));
        columns.utilizationPercent.push(moment?.utilization ?? null);
        columns.powerWatts.push(gpu.powerWatts === null ? null : (moment?.power ?? null));
      }
      return { id: gpu.id, name: gpu.name, vramTotalBytes: gpu.vramTotalBytes, times, ...columns };
    }),
  });
}

function measuredAt(share: number, seed: number, total: number) {
  if (share > 0.42 && share < 0.58) return null;
  const wave = (Math.sin(seed / 3) + Math.sin(seed / 7.3) + 2) / 4;
  const busy = (share > 0.12 && share < 0.34) || share > 0.72;
  const loaded = (share > 0.1 && share < 0.4) || share > 0.7;
  const comfy = loaded ? total * (busy ? 0.68 + 0.14 * wave : 0.66) : 0;
  return {
    comfy,
    used: comfy + total * (0.045 + 0.01 * wave),
    utilization: busy ? 62 + 38 * wave : 2 * wave,
    power: busy ? 240 + 170 * wave : loaded ? 58 + 4 * wave : 17 + 3 * wave,
  };
}

export function happenings(now: number): Happening[] {
  const told: [minutesAgo: number, kind: Happening['kind'], level: Happening['level'], message: string][] = [
    [1500, 'engine', 'info', 'Stoker 0.1.0 listens on http://127.0.0.1:8188.'],
    [260, 'state', 'info', 'ComfyUI starts because a request needed it.'],
    [259, 'state', 'info', 'ComfyUI is ready after 12.4 s.'],
    [231, 'gateway', 'warning', 'A page of http://evil.example was refused: another web site sent this request.'],
    [190, 'idle', 'info', 'Freed VRAM: 17.1 GB given back after 3 idle minutes.'],
    [188, 'state', 'info', 'ComfyUI is stopped: nothing needed it for 5 min.'],
    [97, 'settings', 'info', 'Settings changed: idle.stopAfterSeconds.'],
    [64, 'state', 'error', 'ComfyUI crashed while it ran KSampler: out of memory. Trying again in 2 s.'],
    [63, 'state', 'info', 'ComfyUI is ready after 11.9 s (try 2).'],
    [12, 'queue', 'info', 'Prompt 40 is done: 4 images in 38 s.'],
    [3, 'queue', 'info', 'Prompt 41 was queued by upscale/4x_with_very_long_filename_prefix_that_somebody_generated.'],
  ];
  return told.map(([minutesAgo, kind, level, message], index) =>
    HappeningSchema.parse({ id: index + 1, at: now - minutesAgo * 60_000, kind, level, message }),
  );
}

const LOG_TEXTS: readonly (readonly [LogLine['level'], string])[] = [
  ['info', 'got prompt'],
  ['info', 'model weight dtype torch.float16, manual cast: None'],
  ['info', 'model_type EPS'],
  ['info', 'Using pytorch attention in VAE'],
  ['warning', 'Warning: ran out of memory when regular VAE decoding, retrying with tiled VAE decoding.'],
  ['info', 'Requested to load SDXLClipModel'],
  ['info', 'loaded completely 18934.8 1560.802734375 True'],
  ['info', '100%|██████████████████████████████████████████████████| 20/20 [00:04<00:00,  4.57it/s]'],
  ['info', 'Prompt executed in 8.01 seconds'],
];

/** @param count lines, the newest a moment before `now`; every 40th begins a traceback */
export function logLines(now: number, count: number): LogLine[] {
  return Array.from({ length: count }, (_unused, index) => {
    const traceback = index % 40 >= 36;
    const [level, text] = traceback
      ? (['error', CRASH_TAIL[index % 40 === 36 ? 0 : (index % 4) + 1] ?? ''] as const)
      : (LOG_TEXTS[index % LOG_TEXTS.length] ?? (['info', ''] as const));
    return LogLineSchema.parse({ sequence: index + 1, at: now - (count - index) * 350, text, level });
  });
}

export function settingsAnswer(changes: Partial<SettingsAnswer> = {}): SettingsAnswer {
  const defaults = SettingsSchema.parse({});
  return SettingsAnswerSchema.parse({
    settings: {
      ...defaults,
      installation: {
        ...defaults.installation,
        folder: COMFY_FOLDER,
        python: '/home/mira/ai/venv/bin/python',
        arguments: ['--preview-method', 'auto', '--reserve-vram', '1.5'],
        environment: { CUDA_VISIBLE_DEVICES: '0', PYTORCH_CUDA_ALLOC_CONF: 'expandable_segments:True' },
      },
      idle: { ...defaults.idle, freeAfterSeconds: 180, stopAfterSeconds: 5400 },
      network: { ...defaults.network, token: '••••' },
    },
    defaults,
    origins: {
      'installation.folder': 'file',
      'installation.python': 'file',
      'idle.freeAfterSeconds': 'file',
      'idle.stopAfterSeconds': 'file',
      'network.port': 'environment',
      'gpu.sampleSeconds': 'commandLine',
    },
    environmentNames: { 'network.port': 'MANAGER_PORT' },
    file: '/home/mira/.local/share/stoker/settings.json',
    problems: [],
    restartNeeded: 'none',
    ...changes,
  });
}

export function installations(): Installation[] {
  return [
    { kind: 'git', folder: COMFY_FOLDER, python: '/home/mira/ai/venv/bin/python', version: '0.3.64', note: null },
    {
      kind: 'stabilityMatrix',
      folder: '/home/mira/StabilityMatrix/Data/Packages/ComfyUI',
      python: '/home/mira/StabilityMatrix/Data/Packages/ComfyUI/venv/bin/python',
      version: '0.3.60',
      note: null,
    },
    {
      kind: 'running',
      folder: '/mnt/render/ComfyUI-nightly-with-a-rather-long-folder-name',
      python: null,
      version: null,
      note: 'A ComfyUI runs from this folder now, on port 8190.',
    },
  ].map((each) => InstallationSchema.parse(each));
}

export function doctorReport(now: number): DoctorReport {
  return DoctorReportSchema.parse({
    at: now,
    checks: [
      {
        id: 'folder',
        title: 'ComfyUI folder',
        outcome: 'ok',
        finding: `${COMFY_FOLDER} holds ComfyUI 0.3.64.`,
        advice: null,
      },
      { id: 'python', title: 'Python', outcome: 'ok', finding: 'Python 3.11.7 in /home/mira/ai/venv.', advice: null },
      {
        id: 'torch',
        title: 'PyTorch',
        outcome: 'ok',
        finding: 'torch 2.7.1 with CUDA 12.8 sees 1 card.',
        advice: null,
      },
      { id: 'driver', title: 'GPU driver', outcome: 'ok', finding: 'NVIDIA driver 570.86.', advice: null },
      {
        id: 'port-public',
        title: 'Public port',
        outcome: 'ok',
        finding: 'Stoker listens on 127.0.0.1:8188.',
        advice: null,
      },
      {
        id: 'disk',
        title: 'Disk space',
        outcome: 'warning',
        finding: '6.2 GB are free on the disk of /home/mira/ai/ComfyUI/output.',
        advice: 'Move or delete old images, or set another output folder in Settings.',
      },
      {
        id: 'custom-nodes',
        title: 'Custom nodes',
        outcome: 'problem',
        finding:
          'ComfyUI-Impact-Pack-with-Ultralytics-and-Segment-Anything-Subpack could not be imported: No module named ‘ultralytics’.',
        advice:
          'Run /home/mira/ai/venv/bin/python -m pip install -r requirements.txt in its folder, or move the folder out of custom_nodes.',
      },
      { id: 'amd', title: 'AMD tools', outcome: 'skipped', finding: 'No AMD card.', advice: null },
    ],
  });
}
