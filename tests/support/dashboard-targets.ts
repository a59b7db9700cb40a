/** Targets for tests of the dashboard: an endpoint in use, one at its limit, one without its key; servers of every kind; what an endpoint has. */
import { type Endpoint, EndpointSchema } from '../../contract/endpoints.ts';
import type { EndpointHas } from '../../contract/parity.ts';
import {
  type Server,
  ServerSchema,
  type ServerTest,
  ServerTestSchema,
  type TargetStatus,
  TargetStatusSchema,
} from '../../contract/targets.ts';

const DOLLAR = 1_000_000;

export function endpoint(changes: Partial<Endpoint> = {}): Endpoint {
  return EndpointSchema.parse({
    name: 'runpod-4090',
    endpointId: 'k3v9xq2m7l',
    baseUrl: 'https://api.runpod.ai/v2',
    microDollarsPerSecond: 310,
    maxJobs: 3,
    executionTimeoutSeconds: 600,
    capPerJob: DOLLAR / 2,
    capPerDay: 5 * DOLLAR,
    capPerMonth: 60 * DOLLAR,
    hasKey: true,
    paused: null,
    spend: { today: 1.36 * DOLLAR, month: 18.204 * DOLLAR, reserved: 0.558 * DOLLAR },
    ...changes,
  });
}

export const endpoints = (): Endpoint[] => [
  endpoint(),
  endpoint({
    name: 'h100',
    endpointId: 'w8d1tt0a5c',
    microDollarsPerSecond: 1160,
    capPerJob: null,
    capPerDay: 10 * DOLLAR,
    capPerMonth: null,
    paused: 'the limit of three jobs in a row without a result was reached: it ate 14 minutes and returned nothing.',
    spend: { today: 10 * DOLLAR, month: 31.9 * DOLLAR, reserved: 0 },
  }),
  endpoint({
    name: 'studio-a40',
    endpointId: 'zz41hq8b2e',
    microDollarsPerSecond: 0,
    maxJobs: 1,
    executionTimeoutSeconds: 3600,
    capPerJob: null,
    capPerDay: null,
    capPerMonth: null,
    hasKey: false,
    spend: { today: 0, month: 0, reserved: 0 },
  }),
];

export function server(changes: Partial<Server> = {}): Server {
  return ServerSchema.parse({
    name: 'studio',
    url: 'http://192.168.1.20:8188',
    maxJobs: 2,
    automatic: true,
    hasKey: false,
    paused: false,
    ...changes,
  });
}

export const servers = (): Server[] => [
  server(),
  server({
    name: 'render-room',
    url: 'https://render.example.org/comfyui',
    maxJobs: 4,
    automatic: false,
    hasKey: true,
  }),
  server({ name: 'attic', url: 'http://attic.local:8188', paused: true }),
];

export function targetStatus(name: string, changes: Partial<TargetStatus> = {}): TargetStatus {
  return TargetStatusSchema.parse({
    name,
    kind: 'comfyui',
    free: 1,
    load: 0,
    refusal: null,
    automatic: true,
    retryAt: null,
    ...changes,
  });
}

export const serverTest = (changes: Partial<ServerTest> = {}): ServerTest =>
  ServerTestSchema.parse({
    ok: true,
    message: 'It answers.',
    code: null,
    comfyuiVersion: '0.3.68',
    queue: { waiting: 3, running: 1 },
    ...changes,
  });

/** What some weeks of runs and a list of the user's tell. */
export const known = (): EndpointHas => ({
  lists: {
    nodeTypes: null,
    models: ['sdxl/juggernautXL_v9Rundiffusion.safetensors', 'flux1-dev-fp8.safetensors', 'upscale/4x-UltraSharp.pth'],
  },
  learnt: {
    nodeTypes: { present: ['KSamplerAdvancedPlus', 'UltimateSDUpscale'], absent: ['FaceDetailer'] },
    models: { present: ['flux1-dev-fp8.safetensors'], absent: [] },
  },
});
