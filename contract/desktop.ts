/**
 * What the desktop shell offers to its own dashboard window, and to no other page: the shell's preferences, the key store, a few
 * deeds that a browser cannot do. One table of requests, each with the schema of what goes in and comes out; the shell checks both.
 */
import { z } from 'zod';
import { GalleryIdSchema } from './gallery.ts';
import { SecretNameSchema } from './secrets.ts';

/** How much the shell tells by itself. `problems`: failures, crashes, budgets; nothing that went well. */
export const NotificationModeSchema = z.enum(['all', 'problems', 'off']);
export type NotificationMode = z.infer<typeof NotificationModeSchema>;

/** The languages of the catalogue; `system` takes the first of these that the system prefers, else English. */
export const LANGUAGES = ['en', 'de'] as const;
export const LanguageSchema = z.enum(LANGUAGES);
export type Language = z.infer<typeof LanguageSchema>;

const preferenceFields = {
  startAtLogin: z.boolean(),
  showTrayIcon: z.boolean(),
  /** What a start by hand opens; a start at login opens nothing. */
  openOnStart: z.enum(['dashboard', 'comfyui', 'nothing']),
  notifications: NotificationModeSchema,
  /** Sleeping and waking are told only to who wants it: they happen many times a day. */
  notifyWakeAndSleep: z.boolean(),
  blockSleepWhileWorking: z.boolean(),
  /** `smallCard`: off while ComfyUI shares a card of 8 GB or less. Drawing by the GPU costs about 100 MB of VRAM. */
  hardwareAcceleration: z.enum(['on', 'smallCard', 'off']),
  appearance: z.enum(['system', 'light', 'dark']),
  language: z.union([z.literal('system'), LanguageSchema]),
  updates: z.enum(['check', 'off']),
  welcomeDone: z.boolean(),
};
export const PreferencesSchema = z.object(preferenceFields).strict();
export type Preferences = z.infer<typeof PreferencesSchema>;

export const PreferencesPatchSchema = PreferencesSchema.partial();
export type PreferencesPatch = z.infer<typeof PreferencesPatchSchema>;

export const DEFAULT_PREFERENCES: Preferences = {
  startAtLogin: false,
  showTrayIcon: true,
  openOnStart: 'dashboard',
  notifications: 'all',
  notifyWakeAndSleep: false,
  blockSleepWhileWorking: true,
  hardwareAcceleration: 'on',
  appearance: 'system',
  language: 'system',
  updates: 'check',
  welcomeDone: false,
};

/** Where the shell keeps secrets: the system's key store, or, where there is none, what the user chose. */
export const SecretStorageSchema = z.enum(['keyStore', 'file', 'memory']);
export type SecretStorage = z.infer<typeof SecretStorageSchema>;

export const UpdateStateSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('unsupported'), reason: z.string().describe('A sentence: why this copy cannot update.') }),
  z.object({ kind: z.literal('idle'), checkedAt: z.number().nullable().describe('Epoch milliseconds.') }),
  z.object({ kind: z.literal('checking') }),
  z.object({ kind: z.literal('downloading'), version: z.string(), percent: z.number() }),
  z.object({
    kind: z.literal('ready'),
    version: z.string(),
    notes: z.string().describe('Plain text.'),
    /** Installing ends ComfyUI: never while it works. */
    waitsForWork: z.boolean(),
  }),
  z.object({ kind: z.literal('failed'), message: z.string() }),
]);
export type UpdateState = z.infer<typeof UpdateStateSchema>;

export const DesktopInfoSchema = z.object({
  version: z.string(),
  platform: z.enum(['linux', 'darwin', 'win32']),
  electron: z.string(),
  keyStore: z.object({
    available: z.boolean(),
    name: z.string().nullable().describe('For a person, for example "GNOME Keyring", "Keychain".'),
  }),
  demo: z.boolean(),
  language: LanguageSchema.describe('The one in use.'),
  canStartAtLogin: z.boolean(),
});
export type DesktopInfo = z.infer<typeof DesktopInfoSchema>;

const nothing = z.null();
const changed = z.object({ preferences: PreferencesSchema, restartNeeded: z.boolean().describe('Of the shell.') });

export const DESKTOP_REQUESTS = {
  info: { input: nothing, output: DesktopInfoSchema },
  getPreferences: { input: nothing, output: PreferencesSchema },
  changePreferences: { input: PreferencesPatchSchema, output: changed },
  /** `storage` is asked only where there is no key store. Rejects with `no_key_store` when it is needed and missing. */
  saveSecret: {
    input: z.object({
      name: SecretNameSchema,
      value: z.string().min(1).max(4096),
      storage: z.enum(['file', 'memory']).optional(),
    }),
    output: z.object({ storage: SecretStorageSchema }),
  },
  forgetSecret: { input: z.object({ name: SecretNameSchema }), output: nothing },
  /** The system's own folder or file dialog; null when it was closed. */
  chooseFolder: {
    input: z.object({ title: z.string().max(200), at: z.string().nullable() }),
    output: z.string().nullable(),
  },
  openComfyui: { input: nothing, output: nothing },
  /** Shows a file of the gallery in the file manager of the system. The shell asks the engine where it lies: a page names no path. */
  revealGalleryFile: { input: z.object({ id: GalleryIdSchema }), output: nothing },
  /** To the trash of the system, never away for good. */
  trashGalleryFile: { input: z.object({ id: GalleryIdSchema }), output: nothing },
  /** Ends the engine and starts it with, or without, the simulator in place of ComfyUI. */
  switchDemo: { input: z.object({ demo: z.boolean() }), output: nothing },
  restartEngine: { input: nothing, output: nothing },
  restartShell: { input: nothing, output: nothing },
  getUpdate: { input: nothing, output: UpdateStateSchema },
  checkForUpdate: { input: nothing, output: UpdateStateSchema },
  installUpdate: { input: nothing, output: nothing },
} as const satisfies Record<string, { input: z.ZodType; output: z.ZodType }>;
export type DesktopRequest = keyof typeof DESKTOP_REQUESTS;
export type DesktopInput<Name extends DesktopRequest> = z.input<(typeof DESKTOP_REQUESTS)[Name]['input']>;
export type DesktopOutput<Name extends DesktopRequest> = z.infer<(typeof DESKTOP_REQUESTS)[Name]['output']>;

/** What the shell tells the dashboard window unasked. */
export const DESKTOP_EVENTS = {
  preferences: PreferencesSchema,
  update: UpdateStateSchema,
} as const satisfies Record<string, z.ZodType>;
export type DesktopEvent = keyof typeof DESKTOP_EVENTS;
export type DesktopEventPayload<Name extends DesktopEvent> = z.infer<(typeof DESKTOP_EVENTS)[Name]>;

/** A refusal crosses the bridge as a value: Electron would turn a thrown error into its message alone. */
export type DesktopAnswer =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string; readonly message: string };

/** `window.stokerDesktop` in the dashboard window of the shell; absent in a browser. */
export interface DesktopBridge {
  request(name: DesktopRequest, input: unknown): Promise<DesktopAnswer>;
  /** Returns the way to stop listening. */
  on(name: DesktopEvent, listener: (payload: unknown) => void): () => void;
}

/** `stoker://…` links and what they open. Nothing in a link starts, stops or changes anything. */
export const LINK_SCHEME = 'stoker';
export const LINK_TARGETS = ['dashboard', 'comfyui', 'settings', 'logs', 'doctor', 'welcome'] as const;
export type LinkTarget = (typeof LINK_TARGETS)[number];
