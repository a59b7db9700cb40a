/**
 * What ComfyUI prints while it starts, in the recorded order, cut into the phases in which it appears.
 * Pure: the caller prints and waits.
 */
import type { SimulatorArguments } from './arguments.ts';

export const comfyuiVersion = '0.3.64';
export const frontendVersion = '1.27.10';
export const templatesVersion = '0.1.95';
export const pythonVersion = '3.11.7 (simulated)';
export const pytorchVersion = '2.8.0+simulated';
export const simulatedGpuName = 'cuda:0 Simulated GPU';

export interface BootPhase {
  name: 'torch' | 'attention' | 'server' | 'customNodes' | 'database';
  /** Part of the whole start that has passed when the lines appear; measured on the real one. */
  share: number;
  lines: string[];
}

export interface BootFacts {
  customNodesFolder: string;
  webRoot: string;
  ramTotalBytes: number;
  /** Lines about folders, printed before anything else when a folder was given on the command line. */
  folderLines: string[];
}

const megabytes = (bytes: number): number => Math.floor(bytes / (1024 * 1024));

/** The phases up to the moment before `Starting server`. */
export function bootPhases(options: SimulatorArguments, facts: BootFacts): BootPhase[] {
  const { cpu, simulation } = options;
  const vram = cpu ? facts.ramTotalBytes : simulation.vramTotalBytes;
  return [
    {
      name: 'torch',
      share: 0.5,
      lines: [
        ...facts.folderLines,
        'Checkpoint files will always be loaded safely.',
        `Total VRAM ${megabytes(vram)} MB, total RAM ${megabytes(facts.ramTotalBytes)} MB`,
        `pytorch version: ${pytorchVersion}`,
        `Set vram state to: ${cpu ? 'DISABLED' : 'NORMAL_VRAM'}`,
        `Device: ${cpu ? 'cpu' : simulatedGpuName}`,
      ],
    },
    {
      name: 'attention',
      share: 0.6,
      lines: [
        cpu
          ? 'Using sub quadratic optimization for attention, if you have memory or speed issues try using: --use-split-cross-attention'
          : 'Using pytorch attention',
      ],
    },
    {
      name: 'server',
      share: 0.75,
      lines: [
        `Python version: ${pythonVersion}`,
        `ComfyUI version: ${comfyuiVersion}`,
        `ComfyUI frontend version: ${frontendVersion}`,
        `[Prompt Server] web root: ${facts.webRoot}`,
      ],
    },
    { name: 'customNodes', share: 0.93, lines: customNodeLines(options, facts.customNodesFolder) },
    {
      name: 'database',
      share: 1,
      lines: ['Context impl SQLiteImpl.', 'Will assume non-transactional DDL.', 'No target revision found.'],
    },
  ];
}

/** Names of the custom nodes that load; those of --sim-broken-node are not among them. */
export function loadedCustomNodes({ disableAllCustomNodes, simulation }: SimulatorArguments): string[] {
  return disableAllCustomNodes ? [] : ['lab_nodes', ...simulation.extraNodes];
}

function customNodeLines(options: SimulatorArguments, folder: string): string[] {
  if (options.disableAllCustomNodes) return ['Skipping loading of custom nodes'];
  const { brokenNodes } = options.simulation;
  const tracebacks = brokenNodes.flatMap((name) => [
    'Traceback (most recent call last):',
    '  File "nodes.py", line 2133, in load_custom_node',
    '    module_spec.loader.exec_module(module)',
    `  File "${folder}/${name}/__init__.py", line 1, in <module>`,
    `    raise RuntimeError("${brokenNodeMessage}")`,
    `RuntimeError: ${brokenNodeMessage}`,
    '',
    `Cannot import ${folder}/${name} module for custom nodes: ${brokenNodeMessage}`,
  ]);
  return [
    ...tracebacks,
    '',
    'Import times for custom nodes:',
    ...loadedCustomNodes(options).map((name) => `   0.0 seconds: ${folder}/${name}`),
    ...brokenNodes.map((name) => `   0.0 seconds (IMPORT FAILED): ${folder}/${name}`),
    '',
  ];
}

const brokenNodeMessage = 'simulated: custom node broken on import';

/** What a second ComfyUI prints when its port is taken: the end of its output, after a whole start. */
export function portTakenLines(address: string, port: number): string[] {
  return [
    'Traceback (most recent call last):',
    '  File "main.py", line 366, in <module>',
    '    event_loop.run_until_complete(x)',
    '  File "server.py", line 978, in start_multi_address',
    '    await site.start()',
    `OSError: [Errno 98] error while attempting to bind on address ('${address}', ${port}): address already in use`,
  ];
}

/** The address a person opens. */
export function guiLine(address: string, port: number): string {
  return `To see the GUI go to: http://${address.includes(':') ? `[${address}]` : address}:${port}`;
}
