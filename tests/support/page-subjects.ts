/**
 * The pages on which Stoker's additions are tested: the simulator's always; that of a real ComfyUI when STOKER_TEST_COMFYUI names its folder,
 * and a newer frontend on it when STOKER_TEST_FRONTEND names that one's `static` folder.
 */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { realComfyui } from './comfyui-process.ts';
import type { Workflow } from './workflows.ts';

export interface PageSubject {
  readonly name: string;
  readonly absent: boolean;
  /** Of the engine: how this ComfyUI is started. */
  readonly environment: Readonly<Record<string, string>>;
  /** Puts a workflow into the page. */
  load(page: Page, graph: Workflow): Promise<void>;
}

const real = realComfyui();
const newFrontend = process.env.STOKER_TEST_FRONTEND;

/** @param words further flags of the simulator */
export const simulatorCommand = (words = '--sim-start-seconds 0'): string =>
  `"${process.execPath}" "${join(process.env.STOKER_TEST_BUILD ?? '', 'simulator/comfyui.js')}" --listen {host} --port {port} ${words}`;

export const simulatedPage: PageSubject = {
  name: 'simulator',
  absent: false,
  environment: { STOKER_INSTALLATION_COMMAND_LINE: simulatorCommand() },
  async load(page, graph) {
    // As text: vitest would turn the import into one of its own.
    await page.evaluate(
      `import('/scripts/app.js').then(({ app }) => { app.currentPrompt = () => (${JSON.stringify(graph)}); })`,
    );
  },
};

const genuine = (name: string, absent: boolean, words: readonly string[]): PageSubject => ({
  name,
  absent,
  environment: {
    STOKER_INSTALLATION_FOLDER: real?.folder ?? '',
    STOKER_INSTALLATION_PYTHON: real?.python ?? '',
    STOKER_INSTALLATION_ARGUMENTS: JSON.stringify(['--cpu', ...words]),
  },
  async load(page, graph) {
    await page.waitForFunction(() => 'app' in window && 'graph' in (window.app as object));
    await page.evaluate(async (loaded) => {
      const { app } = window as unknown as { app: { loadApiJson(graph: unknown, name: string): Promise<void> } };
      await app.loadApiJson(loaded, 'stoker-test');
    }, graph);
  },
});

/** @param what is skipped where there is no real ComfyUI */
export function pageSubjects(what: string): readonly PageSubject[] {
  if (real === undefined) console.warn(`SKIPPED: ${what} (set STOKER_TEST_COMFYUI=<folder> to run it).`);
  return [
    simulatedPage,
    genuine('frontend of ComfyUI', real === undefined, []),
    genuine('newer frontend', real === undefined || newFrontend === undefined, ['--front-end-root', newFrontend ?? '']),
  ];
}
