/** ComfyUI's picture nodes that need no model: make, load, scale, blur, invert, save, preview. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { PythonError } from '../execution/python-error.ts';
import type { Raster } from '../images/raster.ts';
import { type ScaleMethod, scaleMethods } from '../images/resample.ts';
import type { Folders } from '../process/folders.ts';
import type { NodeCall, NodeContext, NodeResult, NodeType } from './node-type.ts';
import { openSavePlace } from './output-files.ts';

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

export function imageNodes({ folders, workshop, embedMetadata }: NodeContext): NodeType[] {
  const result = (...outputs: unknown[]): NodeResult => ({ outputs });

  const save = async (call: NodeCall, type: 'output' | 'temp', prefix: string): Promise<NodeResult> => {
    const images = call.inputs.images as Raster;
    const { width, height } = images;
    const place = await openSavePlace({ folder: folders[type], type, prefix, width, height, now: new Date() });
    const text = embedMetadata ? metadataOf(call) : {};
    const saved = [];
    for (let index = 0; index < images.count; index += 1) {
      saved.push(
        await place.save(await workshop.run('encodePng', images, index, text, type === 'temp' ? 1 : 4), index),
      );
    }
    return { outputs: [], ui: { images: saved } };
  };

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
    {
      ...picture,
      name: 'SaveImage',
      displayName: 'Save Image',
      description: 'Writes the pictures into the output folder.',
      outputs: [],
      isOutput: true,
      inputs: () => ({
        required: {
          images: ['IMAGE', { tooltip: 'The pictures to write.' }],
          filename_prefix: [
            'STRING',
            { default: 'ComfyUI', tooltip: 'How file names begin; %year%, %width% and the like are filled in.' },
          ],
        },
        hidden: { prompt: 'PROMPT', extra_pnginfo: 'EXTRA_PNGINFO' },
      }),
      run: (call) => save(call, 'output', String(call.inputs.filename_prefix)),
    },
    {
      ...picture,
      name: 'PreviewImage',
      displayName: 'Preview Image',
      description: 'Writes the pictures into the temporary folder and shows them.',
      outputs: [],
      isOutput: true,
      inputs: () => ({
        required: { images: ['IMAGE'] },
        hidden: { prompt: 'PROMPT', extra_pnginfo: 'EXTRA_PNGINFO' },
      }),
      run: (call) => save(call, 'temp', `ComfyUI_temp_${previewName(call.nodeId)}`),
    },
  ];
}

function metadataOf(call: NodeCall): Record<string, string> {
  const extra = Object.entries(call.extraPngInfo).map(([key, value]) => [key, JSON.stringify(value)]);
  return { prompt: JSON.stringify(call.prompt), ...Object.fromEntries(extra) };
}

/** Five letters that stay the same for a node for as long as the process lives. */
function previewName(nodeId: string): string {
  const digest = createHash('sha256').update(`${process.pid} ${nodeId}`).digest();
  return Array.from({ length: 5 }, (_, index) => String.fromCharCode(97 + ((digest[index] ?? 0) % 26))).join('');
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
  return file.startsWith(`${folder}/`) ? file : resolve(folder, basename(name));
}

function fileHash(file: string): string {
  return existsSync(file) && statSync(file).isFile()
    ? createHash('sha256').update(readFileSync(file)).digest('hex')
    : '';
}
