/** Comfy Desktop, both generations: the first keeps ComfyUI inside the application and everything else in a base folder, the second keeps whole installations in a list. */
import { join } from 'node:path';
import {
  applicationData,
  describeAll,
  firstFile,
  type InstallationFacts,
  type InstallationSearch,
  type Places,
  readJson,
  readJsonText,
} from './places.ts';

export const findDesktop: InstallationSearch = async (places) => {
  const facts = [...(await firstGeneration(places)), ...(await secondGeneration(places))];
  return describeAll(places, facts);
};

async function firstGeneration(places: Places): Promise<InstallationFacts[]> {
  const configuration = join(applicationData(places), 'ComfyUI', 'config.json');
  const baseFolder = await readJsonText(places.files, configuration, 'basePath');
  if (baseFolder === null) return [];
  return applicationFolders(places).map((folder) => ({
    kind: 'desktop',
    folder,
    environmentsOf: [baseFolder],
    note: `Models and results are in ${baseFolder}: add --base-directory "${baseFolder}" to the extra arguments.`,
  }));
}

function applicationFolders({ platform, home, environment }: Places): string[] {
  if (platform === 'darwin') {
    return ['/Applications', join(home, 'Applications')].map((folder) =>
      join(folder, 'ComfyUI.app', 'Contents', 'Resources', 'ComfyUI'),
    );
  }
  if (platform !== 'win32') return [];
  const programs = join(environment.LOCALAPPDATA ?? join(home, 'AppData', 'Local'), 'Programs');
  // Its first releases were installed under the name of the npm package.
  return ['ComfyUI', '@comfyorgcomfyui-electron'].map((name) => join(programs, name, 'resources', 'ComfyUI'));
}

async function secondGeneration(places: Places): Promise<InstallationFacts[]> {
  const { platform, home, environment, files } = places;
  const data =
    platform === 'linux' ? (environment.XDG_DATA_HOME ?? join(home, '.local', 'share')) : applicationData(places);
  const list = await readJson(files, join(data, 'comfyui-desktop-2', 'installations.json'));
  const facts: InstallationFacts[] = [];
  for (const entry of Array.isArray(list) ? (list as unknown[]) : []) {
    const { installPath, name } = (entry ?? {}) as { installPath?: unknown; name?: unknown };
    if (typeof installPath !== 'string' || installPath === '') continue;
    const interpreter = platform === 'win32' ? ['python.exe'] : ['bin', 'python3'];
    const folder = join(installPath, 'ComfyUI');
    const ownEnvironment = join(folder, '.venv', ...(platform === 'win32' ? ['Scripts', 'python.exe'] : interpreter));
    facts.push({
      kind: 'desktop',
      folder,
      python: await firstFile(files, [ownEnvironment, join(installPath, 'standalone-env', ...interpreter)]),
      ...(typeof name === 'string' ? { note: `“${name}” of Comfy Desktop.` } : {}),
    });
  }
  return facts;
}
