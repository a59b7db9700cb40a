/** The settings as a form sees them: which fields there are, how each is edited, in which order. Read from the contract's schema, so that none is forgotten. */
import { z } from 'zod';
import { SettingsSchema, settingMeta, type TakesEffect } from '../../contract/settings.ts';
import { settingWordsOf } from '../words.ts';

export const SETTING_GROUPS = [
  'installation',
  'idle',
  'page',
  'courtesy',
  'supervision',
  'network',
  'gpu',
  'jobs',
  'api',
] as const;
export type SettingGroup = (typeof SETTING_GROUPS)[number];

export type SettingControl =
  | { readonly kind: 'text'; readonly nullable: boolean; readonly isFolder: boolean }
  | { readonly kind: 'secret' }
  | {
      readonly kind: 'number';
      readonly nullable: boolean;
      /** No fraction. */
      readonly whole: boolean;
      readonly least: number;
      readonly most: number;
    }
  | { readonly kind: 'switch' }
  | { readonly kind: 'choice'; readonly options: readonly string[] }
  /** A list of texts, edited one a line. */
  | { readonly kind: 'lines' }
  /** Names with values, edited as NAME=value lines. */
  | { readonly kind: 'pairs' };

export interface SettingField {
  /** Dotted, for example `idle.stopAfterSeconds`. */
  readonly key: string;
  readonly group: SettingGroup;
  readonly name: string;
  readonly title: string;
  readonly takesEffect: TakesEffect;
  readonly control: SettingControl;
  readonly schema: z.ZodType;
  /** Folded away until asked for: most people never need it. */
  readonly advanced: boolean;
}

const ADVANCED = new Set([
  'installation.workingFolder',
  'installation.inputDirectory',
  'installation.outputDirectory',
  'installation.userDirectory',
  'installation.extraModelPathsConfig',
  'installation.workflowsFolder',
  'installation.host',
  'installation.port',
  'network.silenceTimeoutSeconds',
  'network.maxSockets',
]);

/** What the system's own folder dialog can choose. */
const FOLDERS = new Set([
  'installation.folder',
  'installation.workingFolder',
  'installation.inputDirectory',
  'installation.outputDirectory',
  'installation.userDirectory',
  'installation.workflowsFolder',
]);

/** The field that matters most in a group comes first; the rest as in the schema. */
const FIRST = ['idle.stopAfterSeconds', 'supervision.startWithEngine'];

function controlOf(key: string, schema: z.ZodType, secret: boolean): SettingControl {
  let inner: unknown = schema;
  let nullable = false;
  while (inner instanceof z.ZodDefault || inner instanceof z.ZodNullable) {
    nullable ||= inner instanceof z.ZodNullable;
    inner = inner.unwrap();
  }
  if (secret) return { kind: 'secret' };
  if (inner instanceof z.ZodBoolean) return { kind: 'switch' };
  if (inner instanceof z.ZodEnum) return { kind: 'choice', options: inner.options.map(String) };
  if (inner instanceof z.ZodArray) return { kind: 'lines' };
  if (inner instanceof z.ZodRecord) return { kind: 'pairs' };
  if (inner instanceof z.ZodString) return { kind: 'text', nullable, isFolder: FOLDERS.has(key) };
  if (inner instanceof z.ZodNumber) {
    const whole = inner.isInt;
    return {
      kind: 'number',
      nullable,
      whole,
      least: inner.minValue ?? 0,
      most: inner.maxValue ?? Number.MAX_SAFE_INTEGER,
    };
  }
  throw new Error('the settings schema has a kind of value that the form cannot edit');
}

function fieldsOf(group: SettingGroup): SettingField[] {
  const shape: Readonly<Record<string, z.ZodType>> = SettingsSchema.shape[group].unwrap().shape;
  return Object.entries(shape).map(([name, schema]) => {
    const meta = settingMeta.get(schema);
    if (meta === undefined) throw new Error(`the setting ${group}.${name} has no title`);
    const key = `${group}.${name}`;
    const { takesEffect } = meta;
    const title = settingWordsOf(key)?.title ?? meta.title;
    const control = controlOf(key, schema, meta.secret === true);
    return { key, group, name, title, takesEffect, control, schema, advanced: ADVANCED.has(key) };
  });
}

const rank = (field: SettingField): number => (FIRST.includes(field.key) ? 0 : 1);

export const SETTING_FIELDS: readonly SettingField[] = SETTING_GROUPS.flatMap((group) =>
  fieldsOf(group).sort((a, b) => rank(a) - rank(b)),
);
