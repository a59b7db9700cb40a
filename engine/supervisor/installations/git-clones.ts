/** Clones and copies of ComfyUI where people, containers and comfy-cli put them. */
import { join } from 'node:path';
import { applicationData, describeAll, type InstallationSearch, type Places, usualRoots } from './places.ts';

const FOLDER_NAMES = ['ComfyUI', 'comfyui', 'comfy'];
/** Below the home: usual places of source code, and comfy-cli's default workspace (~/comfy/ComfyUI). */
const SOURCE_FOLDERS = ['comfy', 'src', 'git', 'code', 'dev', 'projects', 'repos', 'workspace', 'ai'];
/** Of servers and container images, RunPod's among them. */
const SYSTEM_FOLDERS = ['/opt', '/srv', '/app', '/workspace', '/root', '/data', '/mnt/data', '/usr/local/share'];

export const findGitClones: InstallationSearch = async (places) => {
  const named = [places.environment.COMFYUI_PATH, ...(await comfyCliWorkspaces(places))];
  const parents = [
    ...usualRoots(places),
    ...SOURCE_FOLDERS.map((name) => join(places.home, name)),
    ...(places.platform === 'win32' ? [] : SYSTEM_FOLDERS),
  ];
  const folders = [
    ...named.filter((folder) => folder !== undefined),
    ...parents.flatMap((parent) => FOLDER_NAMES.map((name) => join(parent, name))),
  ];
  return describeAll(
    places,
    folders.map((folder) => ({ kind: 'git', folder })),
  );
};

/** comfy-cli remembers its workspaces in an INI file. */
async function comfyCliWorkspaces(places: Places): Promise<string[]> {
  const folder = places.platform === 'win32' ? (places.environment.LOCALAPPDATA ?? '') : applicationData(places);
  const text = (await places.files.readText(join(folder, 'comfy-cli', 'config.ini'))) ?? '';
  return [...text.matchAll(/^(?:default_workspace|recent_workspace)\s*=\s*(.+?)\s*$/gm)].map(([, path = '']) => path);
}
