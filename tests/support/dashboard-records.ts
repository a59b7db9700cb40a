/** What the engine keeps and tells beside the status, for tests of the dashboard: readings over time, happenings, log, settings, installations, the doctor's report. */
import { type DoctorReport, DoctorReportSchema, type Installation, InstallationSchema } from '../../contract/doctor.ts';
import { type Happening, HappeningSchema, type LogLine, LogLineSchema } from '../../contract/events.ts';
import { type GpuHistory, type GpuHistoryRange, GpuHistorySchema, type GpuReading } from '../../contract/gpu.ts';
import { type SettingsAnswer, SettingsAnswerSchema, SettingsSchema } from '../../contract/settings.ts';
import { COMFY_FOLDER, CRASH_TAIL, gpuReading } from './dashboard-fixtures.ts';

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
