/** What this ComfyUI is and has: statistics, features, folders, models, node catalogue, its own log. */

import { readdir, stat } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { join } from 'node:path';
import type { VideoMemory } from '../execution/video-memory.ts';
import type { NodeCatalogue } from '../nodes/node-catalogue.ts';
import {
  comfyuiVersion,
  frontendVersion,
  pythonVersion,
  pytorchVersion,
  simulatedGpuName,
  templatesVersion,
} from '../process/boot-log.ts';
import { type Folders, folderOf, modelFiles } from '../process/folders.ts';
import type { ProcessLog } from '../process/process-log.ts';
import type { MessageHub } from './message-hub.ts';
import { empty, json, type Reply } from './reply.ts';
import { readJsonObject } from './request.ts';
import type { Route } from './route-table.ts';

export interface SystemRouteParts {
  folders: Folders;
  catalogue: NodeCatalogue;
  memory: VideoMemory;
  hub: MessageHub;
  log: ProcessLog;
  cpu: boolean;
  maxUploadBytes: number;
}

export function serverFeatures(maxUploadBytes: number): Record<string, unknown> {
  return { supports_preview_metadata: true, max_upload_size: maxUploadBytes };
}

export function systemRoutes(parts: SystemRouteParts): Route[] {
  const { folders, catalogue, log, hub } = parts;
  const folderPaths = Object.fromEntries(folders.models);
  const searchable = [...folders.models].filter(([type]) => type !== 'configs' && type !== 'custom_nodes');
  return [
    { method: 'GET', path: '/system_stats', handle: () => json(systemStats(parts)) },
    { method: 'GET', path: '/features', handle: () => json(serverFeatures(parts.maxUploadBytes)) },
    {
      method: 'GET',
      path: '/embeddings',
      handle: () => json((modelFiles(folders, 'embeddings') ?? []).map((name) => name.replace(/\.[^.]*$/, ''))),
    },
    { method: 'GET', path: '/models', handle: () => json([...folders.models.keys()]) },
    {
      method: 'GET',
      path: '/models/{folder}',
      handle: ({ parameters }) => {
        const files = modelFiles(folders, parameters.folder ?? '');
        return files ? json(files) : empty(404);
      },
    },
    {
      method: 'GET',
      path: '/experiment/models',
      handle: () => json(searchable.map(([name, paths]) => ({ name, folders: paths }))),
    },
    { method: 'GET', path: '/object_info', handle: () => json(catalogue.describe()) },
    {
      method: 'GET',
      path: '/object_info/{node}',
      handle: ({ parameters }) => json(catalogue.describe(parameters.node)),
    },
    { method: 'GET', path: '/workflow_templates', handle: () => json({}) },
    {
      method: 'GET',
      path: '/internal/logs',
      underApi: false,
      handle: () =>
        json(
          log
            .entries()
            .map(({ t, m }) => `${t} - ${m}`)
            .join(''),
        ),
    },
    {
      method: 'GET',
      path: '/internal/logs/raw',
      underApi: false,
      handle: () => json({ entries: log.entries(), size: { cols: 80, rows: 24 } }),
    },
    { method: 'PATCH', path: '/internal/logs/subscribe', underApi: false, handle: logSubscriptions(log, hub) },
    { method: 'GET', path: '/internal/folder_paths', underApi: false, handle: () => json(folderPaths) },
    {
      method: 'GET',
      path: '/internal/files/{kind}',
      underApi: false,
      handle: async ({ parameters }) => {
        const folder = folderOf(folders, parameters.kind ?? '');
        return folder ? json(await filesByAge(folder)) : json({ error: 'Invalid directory type' }, 400);
      },
    },
  ];
}

function systemStats({ cpu, memory }: SystemRouteParts): Record<string, unknown> {
  const ram = { total: totalmem(), free: freemem() };
  const vram = cpu
    ? { vram_total: ram.total, vram_free: ram.free, torch_vram_total: ram.total, torch_vram_free: ram.free }
    : {
        vram_total: memory.totalBytes,
        vram_free: memory.freeBytes(),
        torch_vram_total: memory.reservedBytes(),
        torch_vram_free: 0,
      };
  const device = cpu ? { name: 'cpu', type: 'cpu', index: null } : { name: simulatedGpuName, type: 'cuda', index: 0 };
  return {
    system: {
      os: process.platform === 'win32' ? 'nt' : 'posix',
      ram_total: ram.total,
      ram_free: ram.free,
      comfyui_version: comfyuiVersion,
      required_frontend_version: frontendVersion,
      installed_templates_version: templatesVersion,
      required_templates_version: templatesVersion,
      python_version: pythonVersion,
      pytorch_version: pytorchVersion,
      embedded_python: false,
      argv: process.argv.slice(1),
    },
    devices: [{ ...device, ...vram }],
  };
}

/** The page asks for log lines as they come; they go to that client alone until it says otherwise. */
function logSubscriptions(log: ProcessLog, hub: MessageHub): Route['handle'] {
  const stops = new Map<string, () => void>();
  return async (request): Promise<Reply> => {
    const { clientId, enabled } = await readJsonObject(request);
    if (typeof clientId !== 'string') throw new TypeError('clientId is missing');
    stops.get(clientId)?.();
    stops.delete(clientId);
    if (enabled) {
      stops.set(
        clientId,
        log.onEntry((entry) => hub.publish('logs', { entries: [entry], size: null }, clientId)),
      );
    }
    return empty(200);
  };
}

async function filesByAge(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ name }) => ({ name, modified: (await stat(join(folder, name))).mtimeMs })),
  );
  return files.sort((left, right) => right.modified - left.modified).map(({ name }) => name);
}
