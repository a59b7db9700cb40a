/** Which files of the installed npm packages a running engine needs. Pure: paths in, answers out. */

/** Bundled into the engine by vite.config.ts (`ssr.noExternal`). */
const BUNDLED = ['zod', 'fastify-type-provider-zod'];
/** Job objects exist on Windows alone. */
const WINDOWS_ONLY = ['koffi', '@koromix'];

/** @param {string} platform Node's name of it @returns {string[]} packages (or scopes) to leave out whole */
export function packagesNotNeeded(platform) {
  return ['.bin', '.package-lock.json', ...BUNDLED, ...(platform === 'win32' ? [] : WINDOWS_ONLY)];
}

/** By their name anywhere; licences are kept whatever they are called. */
const UNNEEDED_FILE =
  /(\.d\.[cm]?ts|\.map|\.md|\.markdown|\.tsbuildinfo|\.gyp|\.h|\.c|\.cc|\.cpp)$|^(\.npmignore|\.eslint.*|\.prettier.*|\.taprc|\.editorconfig)$/i;
const LICENCE = /^(licen[cs]e|copying|notice)/i;
/** Only directly in a package: deeper, a `test` can be part of a program. */
const UNNEEDED_FOLDER =
  /^(@[^/]+\/)?[^/]+\/(\.github|\.vscode|tests?|__tests__|benchmarks?|examples?|docs?|scripts|tap-snapshots)$/;
/** Heavy, and reached by nothing that the engine imports. */
const UNNEEDED_PART = [
  /^date-fns\/(fp($|\/)|cdn)/,
  /^date-fns\/locale\/(?!_lib|en-US)/,
  /^@photostructure\/sqlite\/src$/,
  /^koffi\/vendor$/,
  // The engine imports the module for Node, and reads what ComfyUI saves by itself: no SVG, JPEG XL or AVIF.
  /^wasm-vips\/lib\/(vips(-es6|-node)?\.js|vips-(heif|jxl|resvg)\.wasm)$/,
];
/** Native parts lie in folders named for their platform. */
const SQLITE_PREBUILD = /^@photostructure\/sqlite\/prebuilds\/([^/]+)(\/.*)?$/;
const MUSL = /\.musl\.node$|\/musl_[^/]+$/;

/**
 * @param {string} path of a file or folder below node_modules, with slashes
 * @param {string} platform for example `win32-x64`
 */
export function isNeededAtRunTime(path, platform) {
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (LICENCE.test(name)) return true;
  const prebuildPlatform = SQLITE_PREBUILD.exec(path)?.[1];
  if (prebuildPlatform !== undefined && prebuildPlatform !== platform) return false;
  if (MUSL.test(path) || UNNEEDED_FOLDER.test(path)) return false;
  return !UNNEEDED_PART.some((part) => part.test(path)) && !UNNEEDED_FILE.test(name);
}
