/** `--demo`: the settings that put the built-in simulator in the place of a ComfyUI. */
import { join } from 'node:path';
import type { SettingsPatch } from '../contract/settings.ts';

/** Long enough to see the boot phases, short enough not to bore. */
const START_SECONDS = 6;

/**
 * @param programFolder the build's folder, with `simulator/comfyui.js` in it
 * @param dataFolder pictures and settings of the simulated ComfyUI go below it
 */
export function demoSettings(programFolder: string, dataFolder: string): SettingsPatch {
  const words = [
    process.execPath,
    join(programFolder, 'simulator/comfyui.js'),
    '--listen',
    '{host}',
    '--port',
    '{port}',
    '--base-directory',
    simulatedFolder(dataFolder),
    '--sim-start-seconds',
    String(START_SECONDS),
    '--sim-load-seconds',
    '2',
    '--sim-nodes',
    'ComfyUI-Manager,comfyui_controlnet_aux,ComfyUI-Impact-Pack',
  ];
  return { installation: { commandLine: words.map((word) => JSON.stringify(word)).join(' ') } };
}

/** Where the simulated ComfyUI saves its pictures. */
export const simulatedOutputFolder = (dataFolder: string): string => join(simulatedFolder(dataFolder), 'output');

/** Where the simulated ComfyUI reads pictures. */
export const simulatedInputFolder = (dataFolder: string): string => join(simulatedFolder(dataFolder), 'input');

const simulatedFolder = (dataFolder: string): string => join(dataFolder, 'simulated-comfyui');
