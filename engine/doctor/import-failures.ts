/** What ComfyUI's own output tells of custom nodes that could not be imported. Pure; the format is recorded in the contract (§4). */

export interface ImportFailure {
  /** The folder or file in custom_nodes. */
  readonly path: string;
  /** ComfyUI's words; null when they are no longer in the log. */
  readonly message: string | null;
}

export interface ImportReport {
  readonly imported: number;
  readonly failures: readonly ImportFailure[];
}

const SUMMARY = 'Import times for custom nodes:';

/** The report of the newest start whose summary is among the lines; null when there is none. */
export function readImportReport(lines: readonly string[]): ImportReport | null {
  const summary = lines.lastIndexOf(SUMMARY);
  if (summary < 0) return null;
  const messages = new Map<string, string>();
  for (const line of lines.slice(lines.lastIndexOf(SUMMARY, summary - 1) + 1, summary)) {
    const match = /^Cannot import (.+?) module for custom nodes: (.*)$/.exec(line);
    if (match?.[1] !== undefined && match[2] !== undefined) messages.set(match[1], match[2]);
  }
  const failures: ImportFailure[] = [];
  let imported = 0;
  for (const line of lines.slice(summary + 1)) {
    const match = /^\s*\d+(?:\.\d+)? seconds( \(IMPORT FAILED\))?: (.+)$/.exec(line);
    if (match === null) break;
    const [, failed, path = ''] = match;
    if (failed === undefined) imported += 1;
    else failures.push({ path, message: messages.get(path) ?? null });
  }
  return { imported, failures };
}
