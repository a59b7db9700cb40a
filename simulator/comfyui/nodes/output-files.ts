/** Where SaveImage and PreviewImage put pictures: prefix with its variables, subfolder, and the next free number. */
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { PythonError } from '../execution/python-error.ts';

export interface SavedImage {
  filename: string;
  subfolder: string;
  type: 'output' | 'temp';
}

export interface SaveRequest {
  folder: string;
  type: 'output' | 'temp';
  prefix: string;
  width: number;
  height: number;
  now: Date;
}

export interface SavePlace {
  /** Writes the next numbered file. */
  save(picture: Uint8Array, index: number): Promise<SavedImage>;
}

/** Creates the folder and finds the number to go on with. Throws PythonError for a prefix that leads out of the folder. */
export async function openSavePlace(request: SaveRequest): Promise<SavePlace> {
  const target = resolve(request.folder, expandPrefix(request));
  const folder = dirname(target);
  const inside = relative(request.folder, target);
  if (inside.startsWith('..') || resolve(inside) === inside) {
    throw new PythonError('Exception', `the file name prefix leads out of ${request.folder}: ${request.prefix}`);
  }
  await mkdir(folder, { recursive: true });
  const name = basename(target);
  let counter = nextCounter(name, await readdir(folder));
  const subfolder = relative(request.folder, folder).split(sep).join('/');
  return {
    async save(picture, index) {
      const number = String(counter).padStart(5, '0');
      const filename = `${name.replaceAll('%batch_num%', String(index))}_${number}_.png`;
      counter += 1;
      await writeFile(join(folder, filename), picture);
      return { filename, subfolder, type: request.type };
    },
  };
}

/** One more than the highest number among `name_00001_.png`. Pure. */
export function nextCounter(name: string, files: readonly string[]): number {
  const numbers = files
    .filter((file) => file.startsWith(`${name}_`))
    .map((file) => Number.parseInt(file.slice(name.length + 1).split('_')[0] ?? '', 10))
    .filter((number) => Number.isFinite(number));
  return Math.max(0, ...numbers) + 1;
}

function expandPrefix({ prefix, width, height, now }: SaveRequest): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const values: Record<string, string> = {
    '%width%': String(width),
    '%height%': String(height),
    '%year%': String(now.getFullYear()),
    '%month%': two(now.getMonth() + 1),
    '%day%': two(now.getDate()),
    '%hour%': two(now.getHours()),
    '%minute%': two(now.getMinutes()),
    '%second%': two(now.getSeconds()),
  };
  return Object.entries(values).reduce((text, [variable, value]) => text.replaceAll(variable, value), prefix);
}
