/** The node catalogue of the local ComfyUI as it was when it last ran, kept on disk so that nobody wakes ComfyUI to look at it. */
import { mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writeFileAtomically } from '../platform/atomic-file.ts';
import type { Log } from '../platform/log.ts';
import { type CatalogueDigest, digestCatalogue } from './catalogue-digest.ts';

export interface NodeCatalogue {
  /** Null when ComfyUI never ran under this Stoker. */
  current(): CatalogueDigest | null;
  /** The running ComfyUI has said this to `GET /object_info`. */
  hear(objectInfo: Buffer): void;
}

export interface NodeCatalogueDeps {
  readonly file: string;
  readonly log: Log;
}

export function createNodeCatalogue({ file, log }: NodeCatalogueDeps): NodeCatalogue {
  /** Undefined: not read yet. */
  let known: CatalogueDigest | null | undefined;
  return {
    current() {
      known ??= readKept(file);
      return known;
    },
    hear(objectInfo) {
      try {
        const digest = digestCatalogue(JSON.parse(objectInfo.toString('utf8')));
        if (digest === null) return;
        known = digest;
        mkdirSync(dirname(file), { recursive: true });
        writeFileAtomically(file, JSON.stringify(digest));
      } catch (error) {
        // It is no JSON, or the disk is full: what was known stays.
        log.warn({ err: error }, 'the node catalogue could not be kept');
      }
    },
  };
}

function readKept(file: string): CatalogueDigest | null {
  try {
    return digestCatalogue(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}
