/** ComfyUI's picture nodes that need no model: make, load, scale, blur, invert. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { PythonError } from '../execution/python-error.ts';
import type { Raster } from '../images/raster.ts';
import { type ScaleMethod, scaleMethods } from '../images/resample.ts';
import { type Folders, isInside } from '../process/folders.ts';
import type { NodeContext, NodeResult, NodeType } from './node-type.ts';

const side = { default: 512, min: 1, max: 16384, step: 1 };
const scaledSide = { ...side, min: 0 };
const picture = {
  description: '',
  pythonModule: 'nodes',
  category: 'image',
  outputs: ['IMAGE'],
  isOutput: false,
} as const;
const pictureFile = /\.(png|jpe?g|webp|gif|bmp|tiff?)$/i;

export function imageNodes({ folders, workshop }: NodeContext): NodeType[] {
  const result = (...outputs: unknown[]): NodeResult => ({ outputs });

  return [
    {
      ...picture,
      name: 'EmptyImage',
      displayName: 'EmptyImage',
      inputs: () => ({
        required: {
          width: ['INT', side],
          height: ['INT', side],
          batch_size: ['INT', { default: 1, min: 1, max: 4096 }],
          color: ['INT', { default: 0, min: 0, max: 0xffffff, step: 1, display: 'color' }],
        },
      }),
      run: async ({ inputs }) =>
        result(
          await workshop.run(
            'fill',
            Number(inputs.width),
            Number(inputs.height),
            Number(inputs.batch_size),
            Number(inputs.color),
          ),
        ),
    },
    {
      ...picture,
      name: 'LoadImage',
      displayName: 'Load Image',
      outputs: ['IMAGE', 'MASK'],
      inputs: () => ({ required: { image: [inputPictures(folders), { image_upload: true }] } }),
      fingerprint: (inputs) => fileHash(inputFile(folders, inputs.image)),
      validate: {
        inputs: ['image'],
        check: ({ image }) => existsSync(inputFile(folders, image)) || `Invalid image file: ${image}`,
      },
      async run({ inputs }) {
        const file = inputFile(folders, inputs.image);
        const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
          throw new PythonError('FileNotFoundError', error.message);
        });
        try {
          const { image, mask } = await workshop.run('loadPng', bytes);
          return result(image, mask);
        } catch (error) {
          const why = error instanceof Error ? error.message : String(error);
          throw new PythonError(
            'PIL.UnidentifiedImageError',
            `cannot identify image file ${file} (the simulator reads PNG only: ${why})`,
          );
        }
      },
    },
    {
      ...picture,
      name: 'ImageScale',
      displayName: 'Upscale Image',
      category: 'image/upscaling',
      inputs: () => ({
        required: {
          image: ['IMAGE'],
          upscale_method: [scaleMethods],
          width: ['INT', scaledSide],
          height: ['INT', scaledSide],
          crop: [['disabled', 'center']],
        },
      }),
      run: async ({ inputs }) =>
        result(
          await workshop.run(
            'scale',
            inputs.image as Raster,
            inputs.upscale_method as ScaleMethod,
            Number(inputs.width),
            Number(inputs.height),
            inputs.crop as 'disabled' | 'center',
          ),
        ),
    },
    {
      ...picture,
      name: 'ImageBlur',
      displayName: null,
      isNewSchema: true,
      pythonModule: 'comfy_extras.nodes_post_processing',
      category: 'image/postprocessing',
      outputTooltips: [null],
      inputs: () => ({
        required: {
          image: ['IMAGE', {}],
          blur_radius: ['INT', { default: 1, min: 1, max: 31, step: 1 }],
          sigma: ['FLOAT', { default: 1, min: 0.1, max: 10, step: 0.1 }],
        },
      }),
      run: async ({ inputs }) =>
        result(await workshop.run('blur', inputs.image as Raster, Number(inputs.blur_radius), Number(inputs.sigma))),
    },
    {
      ...picture,
      name: 'ImageInvert',
      displayName: 'Invert Image',
      inputs: () => ({ required: { image: ['IMAGE'] } }),
      run: async ({ inputs }) => result(await workshop.run('invert', inputs.image as Raster)),
    },
  ];
}

function inputPictures(folders: Folders): string[] {
  if (!existsSync(folders.input)) return [];
  return readdirSync(folders.input, { withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && pictureFile.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** A name may carry its folder in brackets: `picture.png [output]`. A name that leads elsewhere points at nothing. */
function inputFile(folders: Folders, image: unknown): string {
  const [, name = '', kind = 'input'] = /^(.*?)(?: \[(input|output|temp)\])?$/.exec(String(image)) ?? [];
  const folder = folders[kind as 'input' | 'output' | 'temp'];
  const file = resolve(folder, name);
  return isInside(folder, file) ? file : resolve(folder, basename(name));
}

function fileHash(file: string): string {
  return existsSync(file) && statSync(file).isFile()
    ? createHash('sha256').update(readFileSync(file)).digest('hex')
    : '';
}
