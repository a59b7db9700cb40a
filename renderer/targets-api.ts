/** What the page asks of the places where jobs run: endpoints, other servers, and what an endpoint is known to have. */
import {
  type EmptiedEndpoint,
  EmptiedEndpointSchema,
  type Endpoint,
  type EndpointBody,
  EndpointSchema,
  EndpointsSchema,
  type EndpointTest,
  EndpointTestSchema,
} from '../contract/endpoints.ts';
import { MANAGER_ROUTES } from '../contract/manager-api.ts';
import { type EndpointHas, EndpointHasSchema, type EndpointLists } from '../contract/parity.ts';
import {
  type Server,
  type ServerBody,
  ServerSchema,
  ServersSchema,
  type ServerTest,
  ServerTestSchema,
  type TargetStatus,
  TargetsSchema,
} from '../contract/targets.ts';
import { call, get, jsonRequest, request } from './api.ts';

export async function fetchTargets(): Promise<readonly TargetStatus[]> {
  return (await get(MANAGER_ROUTES.targets, TargetsSchema)).targets;
}

export async function fetchEndpoints(): Promise<readonly Endpoint[]> {
  return (await get(MANAGER_ROUTES.endpoints, EndpointsSchema)).endpoints;
}

/** Adds it, or changes it. */
export const saveEndpoint = (name: string, body: EndpointBody): Promise<Endpoint> =>
  call(endpointPath(name), EndpointSchema, jsonRequest('PUT', body));

/** With its key. Rejects with `endpoint_busy` while it has jobs under way. */
export async function removeEndpoint(name: string): Promise<void> {
  await request(endpointPath(name), { method: 'DELETE' });
}

/** Asks its health, which costs nothing. */
export const testEndpoint = (name: string): Promise<EndpointTest> =>
  call(`${endpointPath(name)}/test`, EndpointTestSchema, jsonRequest('POST', {}));

/** Takes everything that waits off its queue, the jobs of other programs too. */
export const emptyEndpoint = (name: string): Promise<EmptiedEndpoint> =>
  call(`${endpointPath(name)}/empty`, EmptiedEndpointSchema, jsonRequest('POST', {}));

export const pauseEndpoint = (name: string, paused: boolean): Promise<Endpoint> =>
  call(`${endpointPath(name)}/pause`, EndpointSchema, jsonRequest('POST', { paused }));

export const fetchEndpointHas = (name: string): Promise<EndpointHas> =>
  get(`${endpointPath(name)}/has`, EndpointHasSchema);

export const saveEndpointLists = (name: string, lists: EndpointLists): Promise<EndpointHas> =>
  call(`${endpointPath(name)}/has`, EndpointHasSchema, jsonRequest('PUT', lists));

/** What runs have taught; the lists stay. */
export const forgetLearnt = (name: string): Promise<EndpointHas> =>
  call(`${endpointPath(name)}/forget`, EndpointHasSchema, jsonRequest('POST', {}));

export async function fetchServers(): Promise<readonly Server[]> {
  return (await get(MANAGER_ROUTES.servers, ServersSchema)).servers;
}

/** Adds it, or changes it. */
export const saveServer = (name: string, body: ServerBody): Promise<Server> =>
  call(serverPath(name), ServerSchema, jsonRequest('PUT', body));

/** With its key. Rejects with `server_busy` while it has jobs under way. */
export async function removeServer(name: string): Promise<void> {
  await request(serverPath(name), { method: 'DELETE' });
}

/** Asks what wakes nobody. */
export const testServer = (name: string): Promise<ServerTest> =>
  call(`${serverPath(name)}/test`, ServerTestSchema, jsonRequest('POST', {}));

export const pauseServer = (name: string, paused: boolean): Promise<Server> =>
  call(`${serverPath(name)}/pause`, ServerSchema, jsonRequest('POST', { paused }));

const endpointPath = (name: string): string => `${MANAGER_ROUTES.endpoints}/${encodeURIComponent(name)}`;
const serverPath = (name: string): string => `${MANAGER_ROUTES.servers}/${encodeURIComponent(name)}`;
