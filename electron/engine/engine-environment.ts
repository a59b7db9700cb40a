/** The environment the engine, and with it ComfyUI, starts in: the user's own, without what an AppImage put in front of it. Pure. */

/** Lists of folders that the start script of an AppImage prepends its own to; a Python must not load libraries from there. */
const FOLDER_LISTS = ['PATH', 'LD_LIBRARY_PATH', 'XDG_DATA_DIRS', 'GSETTINGS_SCHEMA_DIR'];
const OWN = ['APPDIR', 'APPIMAGE', 'ARGV0', 'OWD'];

export function engineEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const mount = environment.APPDIR;
  if (!mount) return environment;
  const cleaned = { ...environment };
  for (const name of OWN) delete cleaned[name];
  for (const name of FOLDER_LISTS) {
    const kept = (cleaned[name] ?? '').split(':').filter((folder) => folder !== '' && !folder.startsWith(mount));
    if (kept.length > 0) cleaned[name] = kept.join(':');
    else delete cleaned[name];
  }
  return cleaned;
}
