/**
 * The pages that are opened while ComfyUI sleeps: the simulator's own and the real frontend from PyPI always, that of a real ComfyUI when
 * STOKER_TEST_COMFYUI names its folder, and there a newer frontend when STOKER_TEST_FRONTEND names that one's folder.
 */
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realComfyui } from './comfyui-process.ts';
import { type EngineProcess, startEngine } from './engine-process.ts';
import { simulatorCommand } from './page-subjects.ts';
import { pinnedFrontend } from './real-frontend.ts';

export interface PageKind {
  readonly name: string;
  readonly absent: boolean;
  /** The simulator's own page has a form in place of a graph. */
  readonly hasGraph: boolean;
  /** Custom nodes are Python. */
  readonly isPython: boolean;
  /** Of the engine: how this ComfyUI is started. */
  environment(base: string): Readonly<Record<string, string>>;
}

const real = realComfyui();
const newFrontend = process.env.STOKER_TEST_FRONTEND;
const frontend = frontendFromPypi();

function frontendFromPypi(): string | null {
  try {
    return pinnedFrontend(console.info);
  } catch (error) {
    console.warn(`SKIPPED: pages of the real frontend on the simulator. ${error}`);
    return null;
  }
}

const simulated = (name: string, root: string | null, words: string): PageKind => ({
  name,
  absent: root === null,
  hasGraph: words !== '',
  isPython: false,
  environment: (base) => ({
    STOKER_INSTALLATION_COMMAND_LINE: simulatorCommand(
      `--sim-start-seconds 1 --base-directory "${base}" ${words}`.trim(),
    ),
    STOKER_INSTALLATION_WORKING_FOLDER: root ?? '',
  }),
});

const python = (name: string, absent: boolean, words: readonly string[]): PageKind => ({
  name,
  absent,
  hasGraph: true,
  isPython: true,
  environment: (base) => ({
    STOKER_INSTALLATION_FOLDER: real?.folder ?? '',
    STOKER_INSTALLATION_PYTHON: real?.python ?? '',
    STOKER_INSTALLATION_ARGUMENTS: JSON.stringify([
      ...['--cpu', '--base-directory', base, '--database-url', 'sqlite:///:memory:'],
      ...words,
    ]),
  }),
});

export const OWN_PAGE = simulated('simulator', tmpdir(), '');
export const REAL_FRONTEND = simulated('real frontend', frontend, `--front-end-root "${frontend}"`);
/** Its folder is told in a way that names nothing on this computer, as from a container. */
export const UNREADABLE_FRONTEND = simulated('unreadable frontend', frontend, '--front-end-root .');
const COMFYUI = python('ComfyUI', real === undefined, []);
const NEW_FRONTEND = python('newer frontend', real === undefined || newFrontend === undefined, [
  '--front-end-root',
  newFrontend ?? '',
]);

/** @param what is skipped where a page cannot be had */
export function pageKinds(what: string): readonly PageKind[] {
  if (real === undefined) console.warn(`SKIPPED: ${what} on a real ComfyUI (set STOKER_TEST_COMFYUI=<folder>).`);
  return [OWN_PAGE, REAL_FRONTEND, COMFYUI, NEW_FRONTEND];
}

export const startOn = (
  kind: PageKind,
  base: string,
  more: Readonly<Record<string, string>> = {},
): Promise<EngineProcess> =>
  startEngine({ dataFolder: join(base, 'data'), environment: { ...kind.environment(base), ...more } });

export type DeclaredInputs = Readonly<
  Record<string, readonly [type: string, options: Readonly<Record<string, unknown>>]>
>;

/** Adds a package of custom nodes that has this one, or changes it; ComfyUI sees it at its next start. */
export function writeNode(kind: PageKind, base: string, name: string, required: DeclaredInputs): void {
  const file = join(base, 'custom_nodes', name.toLowerCase());
  if (!kind.isPython) {
    writeFileSync(`${file}.json`, JSON.stringify({ [name]: { inputs: { required }, outputs: ['INT'] } }));
    return;
  }
  const inputs = Object.entries(required).map(
    ([input, [type, options]]) => `${JSON.stringify(input)}: (${JSON.stringify(type)}, ${JSON.stringify(options)})`,
  );
  writeFileSync(
    `${file}.py`,
    `class ${name}:
    @classmethod
    def INPUT_TYPES(cls): return {"required": {${inputs.join(', ')}}}
    RETURN_TYPES = ("INT",)
    FUNCTION = "run"
    def run(self, **inputs): return (1,)
NODE_CLASS_MAPPINGS = {"${name}": ${name}}
`,
  );
}
