/**
 * The name a result from elsewhere gets in ComfyUI's output folder: the same for the same result of the same job, so that a second try finds
 * the first. What the worker calls it is hostile input; of its ending only what no system runs is kept. Pure.
 */

export interface ResultPlace {
  /** Below the output folder, with `/`. */
  readonly subfolder: string;
  readonly filename: string;
}

export interface ResultFacts {
  readonly jobId: string;
  /** Place among the results of its job, from 0. */
  readonly n: number;
  /** As the worker calls it. */
  readonly filename: string;
  /** Epoch milliseconds. */
  readonly startedAt: number;
}

const MOST_LETTERS = 48;
const SAFE_ENDINGS = new Set(
  (
    'png jpg jpeg webp gif avif bmp tif tiff exr hdr psd mp4 webm mov mkv avi mp3 wav flac opus ogg m4a aac ' +
    'glb gltf obj ply stl fbx json txt csv srt safetensors latent npz npy zip'
  ).split(' '),
);

/** `stoker/2026-11-21/portrait_1f3a9c2e_1.png`, the day in this computer's time zone. */
export function placeOfResult({ jobId, n, filename, startedAt }: ResultFacts): ResultPlace {
  const told = filename.split(/[\\/]/).at(-1) ?? '';
  const ending = /\.([A-Za-z0-9]{1,12})$/.exec(told)?.[1]?.toLowerCase() ?? '';
  const stem = wordOf(ending === '' ? told : told.slice(0, -ending.length - 1));
  const number = `${jobId.replace(/[^A-Za-z0-9]/g, '').slice(0, 8)}_${n + 1}`;
  return {
    subfolder: `stoker/${dayOf(startedAt)}`,
    filename: `${stem}_${number}.${SAFE_ENDINGS.has(ending) ? ending : 'bin'}`,
  };
}

/** The next to try when a stranger's file has that name. */
export const anotherName = (filename: string, attempt: number): string =>
  filename.replace(/(\.[a-z0-9]+)$/, ` (${attempt})$1`);

/** Letters of any language and what no file system minds; ComfyUI's own counter (`_00001_`) counts in another folder and goes. */
function wordOf(stem: string): string {
  const word = stem
    .normalize('NFC')
    .replace(/_\d{5}_?$/, '')
    .replace(/[^\p{L}\p{N} _()+-]+/gu, '_')
    .replace(/^[ _-]+|[ _]+$/g, '');
  return Array.from(word).slice(0, MOST_LETTERS).join('') || 'result';
}

function dayOf(time: number): string {
  const date = new Date(time);
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
