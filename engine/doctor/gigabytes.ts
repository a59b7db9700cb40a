/** Bytes as people read them in a sentence. */

/** In units of 10⁹, as disks and their tools are labelled: "6.2 GB". */
export function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(bytes < 100e9 ? 1 : 0)} GB`;
}
