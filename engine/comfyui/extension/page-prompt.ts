/** Takes the graph as *Run* would: random seeds move on as they do there. One prompt a press: the page does not tell its batch count. */
import type { Workflow } from '../../../contract/jobs.ts';
import type { ComfyPage, PageNode } from './comfy-page.ts';
import { Trouble } from './stoker-api.ts';
import { WORDS } from './words.ts';

export interface PagePrompt {
  readonly workflow: Workflow;
  readonly extraData: { readonly extra_pnginfo: { readonly workflow: unknown } };
  /** The name of the open workflow. */
  readonly title: string | null;
  /** To be called once it was taken. */
  readonly queued: () => void;
}

/** @throws Trouble when there is nothing to run, or the page cannot make a prompt of it */
export async function takePrompt(page: ComfyPage): Promise<PagePrompt> {
  callHooks(page, 'beforeQueued');
  const { workflow, output } = await page.graphToPrompt().catch((error: unknown) => {
    throw new Trouble(`${WORDS.graphFailed} ${error instanceof Error ? error.message : error}`, WORDS.graphFailedNext);
  });
  if (Object.keys(output).length === 0) throw new Trouble(WORDS.emptyGraph, '');
  const filename = page.extensionManager?.workflow?.activeWorkflow?.filename;
  return {
    workflow: output,
    extraData: { extra_pnginfo: { workflow } },
    title: typeof filename === 'string' && filename.trim() !== '' ? filename.trim().slice(0, 200) : null,
    queued() {
      callHooks(page, 'afterQueued');
      page.canvas?.draw(true, true);
    },
  };
}

function callHooks({ graph }: ComfyPage, hook: 'beforeQueued' | 'afterQueued'): void {
  const nodes: PageNode[] = [...(graph?.nodes ?? [])];
  for (const subgraph of graph?.subgraphs?.values() ?? []) nodes.push(...subgraph.nodes);
  for (const { widgets } of nodes) for (const widget of widgets ?? []) widget[hook]?.({ isPartialExecution: false });
}
