/** RunPod endpoints for tests of the dashboard: one in use, one at its limit, one paused by Stoker, one without its key. */
import { type Endpoint, EndpointSchema } from '../../contract/endpoints.ts';

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
