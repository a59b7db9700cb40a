/** ComfyUI's nodes that write pictures to disk: SaveImage and PreviewImage. */
import { createHash } from 'node:crypto';
import { pythonJson } from '../http/python-json.ts';
import type { Raster } from '../images/raster.ts';
import type { NodeCall, NodeContext, NodeResult, NodeType } from './node-type.ts';
import { openSavePlace } from './output-files.ts';

const output = { pythonModule: 'nodes', category: 'image', outputs: [], isOutput: true } as const;
const hidden = { prompt: 'PROMPT', extra_pnginfo: 'EXTRA_PNGINFO' };

export function savingNodes({ folders, workshop, embedMetadata }: NodeContext): NodeType[] {
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
      ...output,
      name: 'SaveImage',
      displayName: 'Save Image',
      description: 'Writes the pictures into the output folder.',
      inputs: () => ({
        required: {
          images: ['IMAGE', { tooltip: 'The pictures to write.' }],
          filename_prefix: [
            'STRING',
            { default: 'ComfyUI', tooltip: 'How file names begin; %year%, %width% and the like are filled in.' },
          ],
        },
        hidden,
      }),
      run: (call) => save(call, 'output', String(call.inputs.filename_prefix)),
    },
    {
      ...output,
      name: 'PreviewImage',
      displayName: 'Preview Image',
      description: 'Writes the pictures into the temporary folder and shows them.',
      inputs: () => ({
        required: { images: ['IMAGE'] },
        hidden,
      }),
      run: (call) => save(call, 'temp', `ComfyUI_temp_${previewName(call.nodeId)}`),
    },
  ];
}

function metadataOf(call: NodeCall): Record<string, string> {
  // With everything beyond ASCII escaped: a tEXt chunk holds Latin-1 only.
  const extra = Object.entries(call.extraPngInfo).map(([key, value]) => [key, pythonJson(value)]);
  return { prompt: pythonJson(call.prompt), ...Object.fromEntries(extra) };
}

/** Five letters that stay the same for a node for as long as the process lives. */
function previewName(nodeId: string): string {
  const digest = createHash('sha256').update(`${process.pid} ${nodeId}`).digest();
  return Array.from({ length: 5 }, (_, index) => String.fromCharCode(97 + ((digest[index] ?? 0) % 26))).join('');
}
