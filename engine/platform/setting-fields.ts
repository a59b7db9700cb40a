/** Every setting as a row read off the schema of contract/settings.ts: key, default, bounds in words. Holds no values. */
import { z } from 'zod';
import { type Settings, SettingsSchema, settingMeta, type TakesEffect } from '../../contract/settings.ts';

export type SettingGroup = keyof Settings;

export interface SettingField {
  /** Dotted, for example `idle.stopAfterSeconds`. */
  readonly key: string;
  readonly group: SettingGroup;
  readonly name: string;
  readonly schema: z.ZodType;
  readonly kind: 'text' | 'choice' | 'number' | 'boolean' | 'list' | 'record';
  readonly defaultValue: unknown;
  readonly title: string;
  readonly takesEffect: TakesEffect;
  readonly secret: boolean;
  /** What a value must be, to follow "must be": `a whole number from 0 to 604800`. */
  readonly expectation: string;
}

/** Why a bound is as it is, where the bound alone would puzzle. */
const REASONS: Readonly<Record<string, string>> = {
  'installation.host': ' (ComfyUI stays private; network.host is the address that others reach)',
};

type JsonSchema = z.core.JSONSchema.BaseSchema;

export const DEFAULT_SETTINGS: Settings = SettingsSchema.parse({});

export const SETTING_FIELDS: readonly SettingField[] = Object.entries(SettingsSchema.shape).flatMap(([group, schema]) =>
  Object.entries<z.ZodType>(schema.unwrap().shape).map(([name, field]) =>
    describeField(group as SettingGroup, name, field),
  ),
);

const FIELDS_BY_KEY: ReadonlyMap<string, SettingField> = new Map(SETTING_FIELDS.map((field) => [field.key, field]));

/** Undefined for a key that is not a setting. */
export function findSettingField(key: string): SettingField | undefined {
  return FIELDS_BY_KEY.get(key);
}

function describeField(group: SettingGroup, name: string, schema: z.ZodType): SettingField {
  const key = `${group}.${name}`;
  const meta = settingMeta.get(schema);
  if (meta === undefined) throw new Error(`contract/settings.ts gives ${key} no title`);
  const whole = z.toJSONSchema(schema, { io: 'input' });
  const value = whole.anyOf?.find((alternative): alternative is JsonSchema => alternative.type !== 'null') ?? whole;
  const kind = kindOf(value);
  const expected = `${expectationOf(kind, value)}${value === whole ? '' : ', or null'}${REASONS[key] ?? ''}`;
  return {
    key,
    group,
    name,
    schema,
    kind,
    defaultValue: schema.parse(undefined),
    title: meta.title,
    takesEffect: meta.takesEffect,
    secret: meta.secret ?? false,
    expectation: expected,
  };
}

function kindOf(schema: JsonSchema): SettingField['kind'] {
  if (schema.enum !== undefined) return 'choice';
  switch (schema.type) {
    case 'integer':
    case 'number':
      return 'number';
    case 'boolean':
      return 'boolean';
    case 'array':
      return 'list';
    case 'object':
      return 'record';
    default:
      return 'text';
  }
}

function expectationOf(kind: SettingField['kind'], schema: JsonSchema): string {
  switch (kind) {
    case 'choice':
      return `one of ${schema.enum?.join(', ')}`;
    case 'number':
      return `a ${schema.type === 'integer' ? 'whole ' : ''}number from ${schema.minimum} to ${schema.maximum}`;
    case 'boolean':
      return 'true or false';
    case 'list':
      return `a list of at most ${schema.maxItems} texts`;
    case 'record':
      return 'an object of texts by name';
    case 'text':
      return `a text of ${schema.minLength ?? 0} to ${schema.maxLength} characters`;
  }
}
