/** ComfyUI packages of StabilityMatrix: folders in the Packages folder of its library. */
import { join } from 'node:path';
import { applicationData, describeAll, type InstallationSearch, readJsonText, usualRoots } from './places.ts';

export const findStabilityMatrix: InstallationSearch = async (places) => {
  const { files, platform } = places;
  const chosen = await readJsonText(
    files,
    join(applicationData(places), 'StabilityMatrix', 'library.json'),
    'LibraryPath',
  );
  // In portable mode the library is the Data folder beside the program.
  const portable = [...usualRoots(places), ...(platform === 'win32' ? [] : ['/opt'])].map((root) =>
    join(root, 'StabilityMatrix', 'Data'),
  );
  const libraries = chosen === null ? portable : [chosen, ...portable];
  const packages = await Promise.all(
    libraries.map(async (library) => {
      const folder = join(library, 'Packages');
      return (await files.folderNames(folder)).map((name) => join(folder, name));
    }),
  );
  return describeAll(
    places,
    packages.flat().map((folder) => ({
      kind: 'stabilityMatrix',
      folder,
      note: 'StabilityMatrix shares models by links or an extra model paths file that it writes when it starts ComfyUI.',
    })),
  );
};
