/** ComfyUI scripts of Pinokio: an application's folder holds the clone in `app`, its environment in `app/env` or `env`. */
import { join } from 'node:path';
import { applicationData, describeAll, type InstallationSearch, readJsonText } from './places.ts';

export const findPinokio: InstallationSearch = async (places) => {
  const { files, home, platform } = places;
  const chosen = await readJsonText(files, join(applicationData(places), 'Pinokio', 'config.json'), 'home');
  const usual = [join(home, 'pinokio'), ...(platform === 'win32' ? ['C:\\pinokio', 'D:\\pinokio'] : [])];
  const homes = chosen === null ? usual : [chosen, ...usual];
  const applications = await Promise.all(
    homes.map(async (pinokio) => {
      const folder = join(pinokio, 'api');
      return (await files.folderNames(folder)).map((name) => join(folder, name));
    }),
  );
  return describeAll(
    places,
    applications.flat().flatMap((folder) => [
      { kind: 'pinokio', folder: join(folder, 'app') },
      { kind: 'pinokio', folder },
    ]),
  );
};
