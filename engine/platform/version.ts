/** Stoker's own version, written into the build from package.json. */
import packageJson from '../../package.json' with { type: 'json' };

export const VERSION: string = packageJson.version;
