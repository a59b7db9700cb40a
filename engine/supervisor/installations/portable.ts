/** The portable Windows build: a folder with python_embeded beside ComfyUI, unpacked wherever its owner liked. */
import { join } from 'node:path';
import { describeAll, type InstallationSearch, type Places, usualRoots } from './places.ts';

export const findPortableBuilds: InstallationSearch = async (places) => {
  if (places.platform !== 'win32') return [];
  const nested = await Promise.all(usualRoots(places).map((root) => comfyFolders(places, root)));
  const unpacked = nested.flat();
  // Archivers put the build into a folder of the archive's name.
  const deeper = await Promise.all(unpacked.map((folder) => comfyFolders(places, folder)));
  const builds: string[] = [];
  for (const folder of [...unpacked, ...deeper.flat()]) {
    if (await places.files.isFile(join(folder, 'python_embeded', 'python.exe'))) builds.push(folder);
  }
  return describeAll(
    places,
    builds.map((folder) => ({
      kind: 'portable',
      folder: join(folder, 'ComfyUI'),
      python: join(folder, 'python_embeded', 'python.exe'),
      note: 'Portable build: its own start script adds --windows-standalone-build.',
    })),
  );
};

async function comfyFolders({ files }: Places, parent: string): Promise<string[]> {
  const names = await files.folderNames(parent);
  return names.filter((name) => /comfy/i.test(name)).map((name) => join(parent, name));
}
