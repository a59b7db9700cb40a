/** JSON and text as Python prints them, so that bodies have the recorded bytes and error details the recorded words. Pure. */

/** Like json.dumps: a blank after commas and colons, everything beyond ASCII escaped. */
export function pythonJson(value: unknown): string {
  return write(value).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function write(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(write).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const pairs: string[] = [];
    for (const [key, item] of Object.entries(value)) {
      if (item !== undefined) pairs.push(`${JSON.stringify(key)}: ${write(item)}`);
    }
    return `{${pairs.join(', ')}}`;
  }
  return JSON.stringify(value ?? null);
}

/** Like str() of a value that came from JSON: strings bare, everything within a list or dict as repr. */
export function pythonText(value: unknown): string {
  return typeof value === 'string' ? value : pythonRepr(value);
}

export function pythonRepr(value: unknown): string {
  if (value === null || value === undefined) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string')
    return value.includes("'") && !value.includes('"') ? `"${value}"` : `'${value.replace(/'/g, "\\'")}'`;
  if (Array.isArray(value)) return `[${value.map(pythonRepr).join(', ')}]`;
  if (typeof value === 'object') {
    return `{${Object.entries(value)
      .map(([key, item]) => `${pythonRepr(key)}: ${pythonRepr(item)}`)
      .join(', ')}}`;
  }
  return String(value);
}
