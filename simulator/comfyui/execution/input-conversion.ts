/** Turns a JSON value into the type a node's input declares, with Python's rules and Python's complaints. Pure. */
import { pythonRepr } from '../http/python-json.ts';
import { PythonError } from './python-error.ts';

/** Throws PythonError when the value cannot become that type. Other types pass as they are. */
export function convertValue(type: string | readonly string[], value: unknown): unknown {
  switch (type) {
    case 'INT':
      return toNumber(value, 'int');
    case 'FLOAT':
      return toNumber(value, 'float');
    case 'STRING':
      return typeof value === 'string' ? value : pythonRepr(value);
    case 'BOOLEAN':
      return isTruthy(value);
    default:
      return value;
  }
}

function toNumber(value: unknown, kind: 'int' | 'float'): number {
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'number') return kind === 'int' ? Math.trunc(value) : value;
  if (typeof value === 'string') {
    const text = value.trim();
    const pattern = kind === 'int' ? /^[+-]?\d+$/ : /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
    if (pattern.test(text)) return Number(text);
    const complaint = kind === 'int' ? 'invalid literal for int() with base 10' : 'could not convert string to float';
    throw new PythonError('ValueError', `${complaint}: ${pythonRepr(value)}`);
  }
  const given = value === null ? 'NoneType' : Array.isArray(value) ? 'list' : 'dict';
  const wanted = kind === 'int' ? 'a string, a bytes-like object or a real number' : 'a string or a real number';
  throw new PythonError('TypeError', `${kind}() argument must be ${wanted}, not '${given}'`);
}

function isTruthy(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
