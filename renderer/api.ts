/** How the page talks to the engine, and what it asks of ComfyUI and settings. Every answer is checked by the contract's schema before anyone sees it. */
import { z } from 'zod';
import { type DoctorReport, DoctorReportSchema, type Installation, InstallationSchema } from '../contract/doctor.ts';
import { EVENT_NAMES, EVENT_SCHEMAS, type EventName, type EventPayload, type Happening } from '../contract/events.ts';
import {
  type EmbeddedWorkflow,
  EmbeddedWorkflowSchema,
  type GalleryPage,
  GalleryPageSchema,
  type GalleryQuery,
} from '../contract/gallery.ts';
import { type GpuHistory, type GpuHistoryRange, GpuHistorySchema } from '../contract/gpu.ts';
import {
  HappeningsSchema,
  type KeepAwakeBody,
  type Logs,
  LogsSchema,
  MANAGER_ROUTES,
} from '../contract/manager-api.ts';
import { type Savings, SavingsSchema } from '../contract/savings.ts';
import { type SecretEntrySchema, type SecretName, SecretsAnswerSchema } from '../contract/secrets.ts';
import { type SettingsAnswer, SettingsAnswerSchema, type SettingsPatch } from '../contract/settings.ts';
import { type SettingsImportAnswer, SettingsImportAnswerSchema } from '../contract/settings-file.ts';
import { type Status, StatusSchema } from '../contract/status.ts';
import { type CreatedToken, CreatedTokenSchema, TokensSchema } from '../contract/tokens.ts';
import { ApiError, apiErrorFromBody } from './lib/api-error.ts';
import { createEventStreamParser } from './lib/event-stream.ts';
import { words } from './words.ts';

export const fetchStatus = (): Promise<Status> => get(MANAGER_ROUTES.status, StatusSchema);
export const fetchSettings = (): Promise<SettingsAnswer> => get(MANAGER_ROUTES.settings, SettingsAnswerSchema);
export const fetchDoctorReport = (): Promise<DoctorReport> => get(MANAGER_ROUTES.doctor, DoctorReportSchema);

export const fetchLogs = (query: { readonly lines: number }): Promise<Logs> =>
  get(`${MANAGER_ROUTES.logs}?lines=${query.lines}`, LogsSchema);

export const fetchGpuHistory = (range: GpuHistoryRange): Promise<GpuHistory> =>
  get(`${MANAGER_ROUTES.gpuHistory}?range=${range}`, GpuHistorySchema);

export const fetchSavings = (): Promise<Savings> => get(MANAGER_ROUTES.savings, SavingsSchema);

export async function fetchHappenings(): Promise<readonly Happening[]> {
  return (await get(MANAGER_ROUTES.happenings, HappeningsSchema)).happenings;
}

export async function fetchInstallations(): Promise<readonly Installation[]> {
  const schema = z.object({ installations: z.array(InstallationSchema) });
  return (await get(MANAGER_ROUTES.installations, schema)).installations;
}

/** Answers when ComfyUI runs or has failed: minutes, maybe. Rejects with the failure's code. */
export const startComfyUI = (body: { readonly withoutCustomNodes?: boolean } = {}): Promise<Status> =>
  post(MANAGER_ROUTES.start, body);

/** Rejects with `work_in_progress` while prompts run or wait, unless forced. */
export const stopComfyUI = (body: { readonly force?: boolean; readonly whenDone?: boolean } = {}): Promise<Status> =>
  post(MANAGER_ROUTES.stop, body);

/** Rejects with `work_in_progress` as stopping does. */
export const restartComfyUI = (
  body: { readonly force?: boolean; readonly withoutCustomNodes?: boolean } = {},
): Promise<Status> => post(MANAGER_ROUTES.restart, body);

export const freeVram = (): Promise<Status> => post(MANAGER_ROUTES.free, {});
/** Running work is finished first; waiting prompts are kept. */
export const pauseComfyUI = (): Promise<Status> => post(MANAGER_ROUTES.pause, {});
/** Takes the card back at once, from leases and listed programs too. */
export const resumeComfyUI = (): Promise<Status> => post(MANAGER_ROUTES.resume, {});
export const keepAwake = (body: KeepAwakeBody): Promise<Status> => post(MANAGER_ROUTES.keepAwake, body);

/** Rejects with `invalid_settings`, whose `fields` name each bad key. */
export const patchSettings = (patch: SettingsPatch): Promise<SettingsAnswer> =>
  call(MANAGER_ROUTES.settings, SettingsAnswerSchema, jsonRequest('PATCH', patch));

export async function fetchSecrets(): Promise<readonly z.infer<typeof SecretEntrySchema>[]> {
  return (await get(MANAGER_ROUTES.secrets, SecretsAnswerSchema)).secrets;
}

/** Kept by the engine in a file that only its user can read. */
export async function saveSecret(name: SecretName, value: string): Promise<void> {
  await request(`${MANAGER_ROUTES.secrets}/${name}`, jsonRequest('PUT', { value, place: 'file' }));
}

export async function forgetSecret(name: SecretName): Promise<void> {
  await request(`${MANAGER_ROUTES.secrets}/${name}`, { method: 'DELETE' });
}

export const fetchTokens = (): Promise<z.infer<typeof TokensSchema>> => get(MANAGER_ROUTES.tokens, TokensSchema);

/** The answer alone tells the token. Rejects with `token_name_taken`. */
export const createToken = (name: string): Promise<CreatedToken> =>
  call(MANAGER_ROUTES.tokens, CreatedTokenSchema, jsonRequest('POST', { name }));

/** Ends what it has under way at the API port. */
export async function revokeToken(name: string): Promise<void> {
  await request(`${MANAGER_ROUTES.tokens}/${encodeURIComponent(name)}`, { method: 'DELETE' });
}

/** What taking over these settings would change; nothing is changed. @param file as it was exported */
export const previewImport = (file: unknown): Promise<SettingsImportAnswer> =>
  call(`${MANAGER_ROUTES.settingsImport}?dryRun=true`, SettingsImportAnswerSchema, jsonRequest('POST', file));

export const importSettings = (file: unknown): Promise<SettingsImportAnswer> =>
  call(MANAGER_ROUTES.settingsImport, SettingsImportAnswerSchema, jsonRequest('POST', file));

export function fetchGallery(query: GalleryQuery): Promise<GalleryPage> {
  const given = Object.entries(query).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return get(`${MANAGER_ROUTES.gallery}?${new URLSearchParams(given)}`, GalleryPageSchema);
}

/** Rejects with `gallery_no_workflow` when there is none inside. */
export const fetchWorkflow = (id: string): Promise<EmbeddedWorkflow> =>
  get(`${MANAGER_ROUTES.gallery}/${encodeURIComponent(id)}/workflow`, EmbeddedWorkflowSchema);

export const get = <Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.infer<Schema>> =>
  call(path, schema, {});
const post = (path: string, body: unknown): Promise<Status> => call(path, StatusSchema, jsonRequest('POST', body));

export function jsonRequest(method: string, body: unknown): RequestInit {
  return { method, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

export async function call<Schema extends z.ZodType>(
  path: string,
  schema: Schema,
  init: RequestInit,
): Promise<z.infer<Schema>> {
  const response = await request(path, init);
  const body: unknown = await response.json().catch(() => null);
  const parsed = schema.safeParse(body);
  if (!parsed.success) {
    throw new ApiError('unexpected', 'unexpected_answer', words.problem.unexpected, {}, parsed.error);
  }
  return parsed.data;
}

export async function request(path: string, init: RequestInit): Promise<Response> {
  // Pages and data share their paths; this is what asks for the data.
  const headers = { accept: 'application/json', ...init.headers };
  let response: Response;
  try {
    response = await fetch(path, { ...init, headers, cache: 'no-store' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('unreachable', 'unreachable', words.problem.unreachable, {}, error);
  }
  if (response.ok) return response;
  const body: unknown = await response.json().catch(() => null);
  throw (
    apiErrorFromBody(body) ?? new ApiError('unexpected', 'unexpected_answer', words.problem.notStoker(response.status))
  );
}

export interface EventStreamListener {
  /** The stream stands. @param dateHeader of the answer, null when missing */
  opened(dateHeader: string | null): void;
  /** Anything arrived, a heartbeat included. */
  heard(): void;
  event<Name extends EventName>(name: Name, payload: EventPayload[Name]): void;
}

/** Listens until the engine ends the stream (resolves), it breaks (rejects with ApiError), or `signal` aborts (rejects with AbortError). */
export async function listenToEvents(
  topics: readonly EventName[],
  listener: EventStreamListener,
  signal: AbortSignal,
): Promise<void> {
  const response = await request(`${MANAGER_ROUTES.events}?topics=${topics.join(',')}`, {
    headers: { accept: 'text/event-stream' },
    signal,
  });
  if (response.body === null || !response.headers.get('content-type')?.startsWith('text/event-stream')) {
    throw new ApiError('unexpected', 'unexpected_answer', words.problem.unexpected);
  }
  listener.opened(response.headers.get('date'));
  const parser = createEventStreamParser();
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    listener.heard();
    for (const { name, data } of parser.push(piece.value)) {
      const known = EVENT_NAMES.find((candidate) => candidate === name);
      if (known !== undefined) passOn(known, data, listener);
    }
  }
}

function passOn<Name extends EventName>(name: Name, data: string, listener: EventStreamListener): void {
  const parsed = EVENT_SCHEMAS[name].safeParse(parseJson(data));
  if (!parsed.success) {
    throw new ApiError('unexpected', 'unexpected_answer', words.problem.unexpected, {}, parsed.error);
  }
  // The schema table maps each name to its payload; the compiler cannot follow that through a variable name.
  listener.event(name, parsed.data as EventPayload[Name]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
