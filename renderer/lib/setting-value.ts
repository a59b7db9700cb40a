/** A setting's value as typed text and back, checked by the contract's schema as one types. */
import type { z } from 'zod';
import { settingWordsOf, words } from '../words.ts';
import { assertNever } from './assert-never.ts';
import type { SettingField } from './setting-fields.ts';

/** What a control holds: text for everything but switches. */
export type Typed = string | boolean;

export type Reading =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly problem: string };

/** As much of a field as reading what was typed into it needs. */
export type ReadField = Pick<SettingField, 'key' | 'control' | 'schema'>;

/** How a saved value is shown in its control. A secret is write-only: its control starts empty. */
export function typedOf(field: SettingField, value: unknown): Typed {
  const { control } = field;
  switch (control.kind) {
    case 'switch':
      return value === true;
    case 'secret':
      return '';
    case 'lines':
      return Array.isArray(value) ? value.join('\n') : '';
    case 'pairs':
      return Object.entries(value ?? {})
        .map(([name, text]) => `${name}=${text}`)
        .join('\n');
    case 'text':
    case 'number':
    case 'choice':
      return value === null || value === undefined ? '' : String(value);
    default:
      return assertNever(control);
  }
}

/** Typed text as one says it: a choice by its name, nothing by what it means. */
export function typedWords(field: SettingField, typed: Typed): string {
  if (typeof typed === 'boolean') return typed ? words.settings.on : words.settings.off;
  const told = settingWordsOf(field.key);
  return told?.choices?.[typed] ?? (typed === '' ? (told?.whenEmpty ?? words.settings.empty) : typed);
}

/** The value that typed text stands for, or what is wrong with it in words. */
export function readTyped(field: ReadField, typed: Typed): Reading {
  const raw = rawValue(field, typed);
  if (raw.kind === 'problem') return raw;
  const parsed = field.schema.safeParse(raw.value);
  if (parsed.success) return { kind: 'value', value: parsed.data };
  const issue = parsed.error.issues[0];
  return { kind: 'problem', problem: issue === undefined ? words.invalid.other : issueWords(issue) };
}

function rawValue(field: ReadField, typed: Typed): Reading {
  if (typeof typed === 'boolean') return { kind: 'value', value: typed };
  const text = typed.trim();
  const { control } = field;
  switch (control.kind) {
    case 'lines':
      return { kind: 'value', value: nonEmptyLines(typed).map(({ text: line }) => line) };
    case 'pairs':
      return readPairs(typed);
    case 'number':
      if (text === '' && control.nullable) return { kind: 'value', value: null };
      return readNumber(text, control.whole);
    case 'text':
      return { kind: 'value', value: text === '' && control.nullable ? null : text };
    case 'secret':
      return { kind: 'value', value: text === '' ? null : text };
    case 'choice':
    case 'switch':
      return { kind: 'value', value: text };
    default:
      return assertNever(control);
  }
}

/** A comma is a decimal point to half of Europe; there are no thousands here to confuse it with. */
export function readNumber(text: string, whole: boolean): Reading {
  if (text === '') return { kind: 'problem', problem: words.invalid.required };
  if (!(whole ? /^[+-]?\d+$/ : /^[+-]?\d+([.,]\d+)?$/).test(text)) {
    return { kind: 'problem', problem: whole ? words.invalid.wholeNumber : words.invalid.aNumber };
  }
  return { kind: 'value', value: Number(text.replace(',', '.')) };
}

function nonEmptyLines(typed: string): { readonly number: number; readonly text: string }[] {
  return typed
    .split(/\r?\n/)
    .map((line, index) => ({ number: index + 1, text: line.trim() }))
    .filter(({ text }) => text !== '');
}

function readPairs(typed: string): Reading {
  const pairs = new Map<string, string>();
  for (const { number, text } of nonEmptyLines(typed)) {
    const equals = text.indexOf('=');
    if (equals < 1) return { kind: 'problem', problem: words.invalid.notAPair(number) };
    const name = text.slice(0, equals).trim();
    if (pairs.has(name)) return { kind: 'problem', problem: words.invalid.twice(name) };
    pairs.set(name, text.slice(equals + 1));
  }
  return { kind: 'value', value: Object.fromEntries(pairs) };
}

/** zod's finding in the words of a person; zod's own sentences name types. */
export function issueWords(issue: z.core.$ZodIssue): string {
  if (issue.code === 'too_small') {
    const least = Number(issue.minimum);
    if (issue.origin !== 'string') return words.invalid.atLeast(least);
    return least <= 1 ? words.invalid.required : words.invalid.minCharacters(least);
  }
  if (issue.code === 'too_big') {
    const most = Number(issue.maximum);
    if (issue.origin === 'string') return words.invalid.maxCharacters(most);
    return issue.origin === 'array' ? words.invalid.maxLines(most) : words.invalid.atMost(most);
  }
  return words.invalid.other;
}
