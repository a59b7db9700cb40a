/**
 * Brings results that were made elsewhere into ComfyUI's output folder, beside the local ones, with the workflow inside as ComfyUI puts it
 * there. Stoker's own copy stays what counts: when the folder is unknown or the disk full, the job is complete all the same and says why.
 */

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ComfyFile } from '../../contract/jobs.ts';
import { fieldsOf } from '../comfyui/json-fields.ts';
import { asciiJson } from '../comfyui/png-metadata.ts';
import { codeOf } from '../platform/error-code.ts';
import type { KeptOutput } from '../targets/target.ts';
import type { ContentStore } from './content-store.ts';
import { writeNewFile } from './home-file.ts';
import { placeOfResult } from './home-names.ts';
import type { JobPayload } from './store.ts';

export interface FinishedJob {
  readonly id: string;
  /** Where it ran. */
  readonly target: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly payload: JobPayload;
}

export interface ResultsHome {
  /**
   * On return what has a `home` is on disk there. Never rejects, never overwrites; brought twice it is one file.
   * @returns the same results, and why some have no home, in words
   */
  bring(
    job: FinishedJob,
    outputs: readonly KeptOutput[],
  ): Promise<{ readonly outputs: readonly KeptOutput[]; readonly note: string | null }>;
}

export interface ResultsHomeDeps {
  readonly content: Pick<ContentStore, 'pathOf'>;
  /** ComfyUI's; null when only ComfyUI itself knows. */
  readonly outputFolder: () => string | null;
  /** What it makes lies in that folder already. */
  readonly localTarget: string;
}

export function createResultsHome({ content, outputFolder, localTarget }: ResultsHomeDeps): ResultsHome {
  async function bringOne(folder: string, job: FinishedJob, output: KeptOutput, n: number): Promise<ComfyFile> {
    const { subfolder, filename } = placeOfResult({
      jobId: job.id,
      n,
      filename: output.filename,
      startedAt: job.startedAt,
    });
    const place = join(folder, ...subfolder.split('/'));
    await mkdir(place, { recursive: true });
    const source = content.pathOf(output.sha256 ?? '');
    return { type: 'output', subfolder, filename: await writeNewFile(source, place, filename, textsOf(job.payload)) };
  }

  return {
    async bring(job, outputs) {
      const away = outputs.filter(({ home, sha256 }) => home === null && sha256 !== null);
      if (away.length === 0 || job.target === localTarget) return { outputs, note: null };
      const folder = outputFolder();
      if (folder === null) return { outputs, note: `${KEPT_HERE}: it does not know where ComfyUI saves its pictures.` };
      const homes = new Map<KeptOutput, ComfyFile>();
      let note: string | null = null;
      try {
        // Made when ComfyUI never ran; but never a whole path, whose disk may only be away.
        await mkdir(folder).catch((error: unknown) => (codeOf(error) === 'EEXIST' ? undefined : Promise.reject(error)));
        for (const output of away) homes.set(output, await bringOne(folder, job, output, outputs.indexOf(output)));
      } catch (error) {
        note = `${homes.size === 0 ? KEPT_HERE : KEPT_PARTLY}: ${whyNot(error, folder)}`;
      }
      return { outputs: outputs.map((output) => ({ ...output, home: homes.get(output) ?? output.home })), note };
    },
  };
}

const KEPT_PARTLY = 'Some of the results are kept by Stoker alone';
const KEPT_HERE = 'The results are kept by Stoker alone';

/** What ComfyUI itself writes into a PNG: the prompt, and the page's workflow when it is known. */
function textsOf({ workflow, extraData }: JobPayload): Record<string, string> {
  const known = Object.entries(fieldsOf(fieldsOf(extraData).extra_pnginfo));
  const texts = known
    .filter(([keyword]) => /^[!-~][ -~]{0,78}$/.test(keyword))
    .map(([key, value]) => [key, asciiJson(value)]);
  return { prompt: asciiJson(workflow), ...Object.fromEntries(texts) };
}

function whyNot(error: unknown, folder: string): string {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `there is no space left in ${folder}.`;
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `it may not write into ${folder}.`;
    case 'ENOENT':
      return `${folder} is not there.`;
    default:
      return `${folder} could not be written (${error instanceof Error ? error.message : String(error)}).`;
  }
}
