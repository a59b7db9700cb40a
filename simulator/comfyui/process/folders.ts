/** The folders of this instance, as the command line places them, and the lists of model files in them. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve, sep } from 'node:path';
import type { SimulatorArguments } from './arguments.ts';
import { extraModelPaths } from './extra-model-paths.ts';

export interface Folders {
  base: string;
  input: string;
  output: string;
  temp: string;
  user: string;
  customNodes: string;
  /** Folder type → the folders searched for it, as GET /internal/folder_paths lists them. */
  models: ReadonlyMap<string, string[]>;
  /** What ComfyUI prints about folders that were given. */
  lines: string[];
}

export type FileKind = 'input' | 'output' | 'temp';

/** Folder types in the recorded order; a few have more than one folder under models/. */
const modelFolders: Record<string, string[]> = {
  checkpoints: ['checkpoints'],
  configs: ['configs'],
  loras: ['loras'],
  vae: ['vae'],
  text_encoders: ['text_encoders', 'clip'],
  diffusion_models: ['unet', 'diffusion_models'],
  clip_vision: ['clip_vision'],
  style_models: ['style_models'],
  embeddings: ['embeddings'],
  diffusers: ['diffusers'],
  vae_approx: ['vae_approx'],
  controlnet: ['controlnet', 't2i_adapter'],
  gligen: ['gligen'],
  upscale_models: ['upscale_models'],
  custom_nodes: [],
  hypernetworks: ['hypernetworks'],
  photomaker: ['photomaker'],
  classifiers: ['classifiers'],
  model_patches: ['model_patches'],
  audio_encoders: ['audio_encoders'],
};
const savedInOutput: Record<string, string> = {
  checkpoints: 'checkpoints',
  loras: 'loras',
  vae: 'vae',
  text_encoders: 'clip',
  diffusion_models: 'diffusion_models',
};
const modelFile = /\.(safetensors|sft|ckpt|pt2?|bin|pth|pkl|yaml)$/i;

/**
 * Places the folders. Without --base-directory they lie in the system's temporary folder, one set per port, so that a
 * simulator started by hand never litters the folder it was started in. Throws when an extra model paths file is missing.
 */
export function placeFolders(options: SimulatorArguments): Folders {
  const base = resolve(options.baseDirectory ?? join(tmpdir(), `comfyui-simulator-${options.port}`));
  const output = options.outputDirectory ? resolve(options.outputDirectory) : join(base, 'output');
  const input = options.inputDirectory ? resolve(options.inputDirectory) : join(base, 'input');
  const user = options.userDirectory ? resolve(options.userDirectory) : join(base, 'user');
  // ComfyUI puts a folder "temp" into the one that was given, and empties only that.
  const temp = join(options.tempDirectory ? resolve(options.tempDirectory) : base, 'temp');
  const models = new Map<string, string[]>();
  for (const [type, names] of Object.entries(modelFolders)) {
    const saved = savedInOutput[type];
    models.set(type, [...names.map((name) => join(base, 'models', name)), ...(saved ? [join(output, saved)] : [])]);
  }
  models.set('custom_nodes', [join(base, 'custom_nodes')]);
  const lines: string[] = [];
  for (const file of options.extraModelPathsConfigs) {
    for (const { type, folder } of extraModelPaths(readFileSync(file, 'utf8'), file)) {
      lines.push(`Adding extra search path ${type} ${folder}`);
      models.set(type, [...(models.get(type) ?? []), folder]);
    }
  }
  if (options.outputDirectory) lines.push(`Setting output directory to: ${output}`);
  if (options.inputDirectory) lines.push(`Setting input directory to: ${input}`);
  if (options.userDirectory) lines.push(`Setting user directory to: ${user}`);
  return { base, input, output, temp, user, customNodes: join(base, 'custom_nodes'), models, lines };
}

/** True for the folder itself and all that lies in it; both are absolute and normalised. */
export function isInside(folder: string, path: string): boolean {
  return path === folder || path.startsWith(folder + sep);
}

export function folderOf(folders: Folders, kind: string): string | undefined {
  return kind === 'input' || kind === 'output' || kind === 'temp' ? folders[kind] : undefined;
}

/** Empties the temp folder as every start of ComfyUI does, also one that fails later, and creates the others. */
export function prepareFolders(folders: Folders): void {
  rmSync(folders.temp, { recursive: true, force: true });
  for (const folder of [folders.input, folders.output, folders.user]) mkdirSync(folder, { recursive: true });
}

/** Model files of one type, relative to their folder, in the order of names; undefined for an unknown type. */
export function modelFiles(folders: Folders, type: string): string[] | undefined {
  const found = folders.models
    .get(type)
    ?.filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder, { recursive: true, encoding: 'utf8' }))
    .filter((name) => modelFile.test(name));
  return found && [...new Set(found)].sort();
}
