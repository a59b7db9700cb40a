/**
 * Every setting of the engine: its default, bounds, words and when it takes effect.
 * The file on disk holds only what differs from the defaults.
 */
import { z } from 'zod';
import { SettingOriginSchema } from './manager-api.ts';

/** When a changed value is used: at once, at the next start of ComfyUI, or at the next start of the engine. */
export type TakesEffect = 'now' | 'comfyui' | 'engine';

interface SettingMeta {
  readonly title: string;
  readonly takesEffect: TakesEffect;
  /** Never sent to a browser once saved. */
  readonly secret?: boolean;
}

/** Title and effect of each setting, read by the dialog and the documentation. */
export const settingMeta = z.registry<SettingMeta>();

const text = () => z.string().trim().max(4096);
const folder = () => text().min(1);

export const InstallationSettingsSchema = z
  .object({
    folder: folder()
      .nullable()
      .default(null)
      .register(settingMeta, { title: 'ComfyUI folder', takesEffect: 'comfyui' }),
    python: folder().nullable().default(null).register(settingMeta, { title: 'Python', takesEffect: 'comfyui' }),
    commandLine: text()
      .min(1)
      .nullable()
      .default(null)
      .register(settingMeta, { title: 'Start command', takesEffect: 'comfyui' }),
    workingFolder: folder()
      .nullable()
      .default(null)
      .register(settingMeta, { title: 'Working folder', takesEffect: 'comfyui' }),
    arguments: z
      .array(text())
      .max(200)
      .default([])
      .register(settingMeta, { title: 'Extra arguments', takesEffect: 'comfyui' }),
    environment: z
      .record(z.string(), z.string())
      .default({})
      .register(settingMeta, { title: 'Environment', takesEffect: 'comfyui' }),
    inputDirectory: folder()
      .nullable()
      .default(null)
      .register(settingMeta, { title: 'Input folder', takesEffect: 'comfyui' }),
    outputDirectory: folder()
      .nullable()
      .default(null)
      .register(settingMeta, { title: 'Output folder', takesEffect: 'comfyui' }),
    userDirectory: folder()
      .nullable()
      .default(null)
      .register(settingMeta, { title: 'User folder', takesEffect: 'comfyui' }),
    extraModelPathsConfig: folder()
      .nullable()
      .default(null)
      .register(settingMeta, { title: 'Extra model paths file', takesEffect: 'comfyui' }),
    workflowsFolder: folder()
      .nullable()
      .default(null)
      .register(settingMeta, { title: 'Workflows folder', takesEffect: 'comfyui' }),
    host: z
      .enum(['127.0.0.1', '::1', 'localhost'])
      .default('127.0.0.1')
      .register(settingMeta, { title: 'Private host', takesEffect: 'comfyui' }),
    port: z
      .number()
      .int()
      .min(1)
      .max(65_535)
      .nullable()
      .default(null)
      .register(settingMeta, { title: 'Private port', takesEffect: 'comfyui' }),
  })
  .strict();

export const NetworkSettingsSchema = z
  .object({
    host: text().min(1).default('127.0.0.1').register(settingMeta, { title: 'Address', takesEffect: 'engine' }),
    port: z
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(8188)
      .register(settingMeta, { title: 'Port', takesEffect: 'engine' }),
    allowedHosts: z
      .array(text().min(1))
      .max(50)
      .default([])
      .register(settingMeta, { title: 'Allowed host names', takesEffect: 'now' }),
    token: text()
      .min(16)
      .nullable()
      .default(null)
      .register(settingMeta, { title: 'Access token', takesEffect: 'now', secret: true }),
    silenceTimeoutSeconds: z
      .number()
      .int()
      .min(1)
      .max(86_400)
      .default(300)
      .register(settingMeta, { title: 'Silence limit', takesEffect: 'now' }),
    maxSockets: z
      .number()
      .int()
      .min(1)
      .max(100_000)
      .default(4096)
      .register(settingMeta, { title: 'Most WebSockets at once', takesEffect: 'now' }),
    whenAsleepShow: z
      .enum(['wake', 'dashboard'])
      .default('wake')
      .register(settingMeta, { title: 'Opening / while asleep', takesEffect: 'now' }),
  })
  .strict();

export const IdleSettingsSchema = z
  .object({
    freeAfterSeconds: z
      .number()
      .int()
      .min(0)
      .max(604_800)
      .default(0)
      .register(settingMeta, { title: 'Free VRAM after', takesEffect: 'now' }),
    stopAfterSeconds: z
      .number()
      .int()
      .min(0)
      .max(604_800)
      .default(300)
      .register(settingMeta, { title: 'Sleep after', takesEffect: 'now' }),
    everyRequestCounts: z
      .boolean()
      .default(false)
      .register(settingMeta, { title: 'Every request wakes and counts', takesEffect: 'now' }),
  })
  .strict();

export const SupervisionSettingsSchema = z
  .object({
    startTimeoutSeconds: z
      .number()
      .int()
      .min(1)
      .max(3600)
      .default(120)
      .register(settingMeta, { title: 'Start limit', takesEffect: 'comfyui' }),
    stopGraceSeconds: z
      .number()
      .int()
      .min(0)
      .max(600)
      .default(10)
      .register(settingMeta, { title: 'Stop grace', takesEffect: 'now' }),
    restartAfterCrash: z
      .boolean()
      .default(true)
      .register(settingMeta, { title: 'Restart after a crash', takesEffect: 'now' }),
    maxCrashes: z
      .number()
      .int()
      .min(1)
      .max(100)
      .default(5)
      .register(settingMeta, { title: 'Give up after', takesEffect: 'now' }),
    crashWindowMinutes: z
      .number()
      .int()
      .min(1)
      .max(1440)
      .default(10)
      .register(settingMeta, { title: 'Crashes counted over', takesEffect: 'now' }),
    startWithEngine: z
      .boolean()
      .default(false)
      .register(settingMeta, { title: 'Start ComfyUI with Stoker', takesEffect: 'engine' }),
  })
  .strict();

export const GpuSettingsSchema = z
  .object({
    monitor: z
      .enum(['auto', 'off'])
      .default('auto')
      .register(settingMeta, { title: 'GPU monitor', takesEffect: 'now' }),
    sampleSeconds: z
      .number()
      .int()
      .min(1)
      .max(60)
      .default(2)
      .register(settingMeta, { title: 'Measure every', takesEffect: 'now' }),
  })
  .strict();

export const CourtesySettingsSchema = z
  .object({
    programs: z
      .array(text().min(1).max(200))
      .max(100)
      .default([])
      .register(settingMeta, { title: 'Give the card to these programs', takesEffect: 'now' }),
    foreignVramGigabytes: z
      .number()
      .min(0)
      .max(1024)
      .default(0)
      .register(settingMeta, { title: 'Give way when others hold', takesEffect: 'now' }),
    comeBackAfterSeconds: z
      .number()
      .int()
      .min(0)
      .max(3600)
      .default(30)
      .register(settingMeta, { title: 'Come back after', takesEffect: 'now' }),
  })
  .strict();

export const JobsSettingsSchema = z
  .object({
    keepDays: z
      .number()
      .int()
      .min(0)
      .max(3650)
      .default(30)
      .register(settingMeta, { title: 'Keep ended jobs', takesEffect: 'now' }),
    mostAtOnce: z
      .number()
      .int()
      .min(1)
      .max(1000)
      .default(100)
      .register(settingMeta, { title: 'Most jobs at once', takesEffect: 'now' }),
  })
  .strict();

/** The port for programs; closed until there is a token. */
export const ApiSettingsSchema = z
  .object({
    host: text().min(1).default('127.0.0.1').register(settingMeta, { title: 'API address', takesEffect: 'now' }),
    port: z
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(8187)
      .register(settingMeta, { title: 'API port', takesEffect: 'now' }),
  })
  .strict();

export const PageSettingsSchema = z
  .object({
    openingWakes: z
      .boolean()
      .default(true)
      .register(settingMeta, { title: 'Opening the page wakes ComfyUI', takesEffect: 'now' }),
    writesWhileAsleep: z
      .enum(['wake', 'keep'])
      .default('wake')
      .register(settingMeta, { title: 'Saving while asleep', takesEffect: 'now' }),
  })
  .strict();

export const SettingsSchema = z
  .object({
    installation: InstallationSettingsSchema.prefault({}),
    network: NetworkSettingsSchema.prefault({}),
    idle: IdleSettingsSchema.prefault({}),
    supervision: SupervisionSettingsSchema.prefault({}),
    gpu: GpuSettingsSchema.prefault({}),
    courtesy: CourtesySettingsSchema.prefault({}),
    jobs: JobsSettingsSchema.prefault({}),
    api: ApiSettingsSchema.prefault({}),
    page: PageSettingsSchema.prefault({}),
  })
  .strict();
export type Settings = z.infer<typeof SettingsSchema>;

/**
 * A change: any part of the settings. Values are checked after merging, against SettingsSchema, so that a bad one is
 * named by its dotted key. (`.partial()` would fill in defaults and reset what was not sent.)
 */
export const SettingsPatchSchema = z.partialRecord(
  z.enum(['installation', 'network', 'idle', 'supervision', 'gpu', 'courtesy', 'jobs', 'api', 'page']),
  z.record(z.string(), z.unknown()),
);
export type SettingsPatch = z.infer<typeof SettingsPatchSchema>;

/** What stands for a saved secret in an answer; a patch that sends it back leaves the secret as it is. */
export const SECRET_MASK = '••••';

/** The settings with secrets masked; the mask is shorter than a secret may be, so this is not SettingsSchema. */
export const ShownSettingsSchema = SettingsSchema.extend({
  network: NetworkSettingsSchema.extend({ token: z.string().nullable() }),
});

/** `GET /manager/settings`. A secret is shown as `"••••"` when set and null when not. */
export const SettingsAnswerSchema = z.object({
  settings: ShownSettingsSchema,
  defaults: SettingsSchema,
  origins: z.record(z.string(), SettingOriginSchema).describe('By dotted key, for example "idle.stopAfterSeconds".'),
  environmentNames: z.record(z.string(), z.string()).describe('The environment variable of each dotted key.'),
  file: z.string(),
  problems: z.array(z.string()).describe('What was wrong with the file or the environment, in words.'),
  restartNeeded: z.enum(['none', 'comfyui', 'engine']).describe('What must restart for the saved values to be used.'),
});
export type SettingsAnswer = z.infer<typeof SettingsAnswerSchema>;
