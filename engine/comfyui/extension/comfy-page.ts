/** What of ComfyUI's page is used here, as frontends 1.27.10 and 1.58.1 have it. Types alone. */
import type { Workflow } from '../../../contract/jobs.ts';

/** A callback of a widget around queueing: random seeds move on in it. */
type WidgetHook = (options: { readonly isPartialExecution: boolean }) => void;

export interface PageNode {
  readonly widgets?: readonly { readonly beforeQueued?: WidgetHook; readonly afterQueued?: WidgetHook }[];
}

export interface PageGraph {
  readonly nodes?: readonly PageNode[];
  readonly subgraphs?: ReadonlyMap<string, { readonly nodes: readonly PageNode[] }>;
}

export interface PageCommand {
  readonly id: string;
  readonly label: string;
  readonly icon: string;
  readonly function: () => void;
}

export interface PageExtension {
  readonly name: string;
  readonly commands?: readonly PageCommand[];
  readonly menuCommands?: readonly { readonly path: readonly string[]; readonly commands: readonly string[] }[];
  readonly keybindings?: readonly {
    readonly combo: { readonly key: string; readonly ctrl?: boolean; readonly alt?: boolean; readonly shift?: boolean };
    readonly commandId: string;
  }[];
  /** Ignored by 1.27.10. */
  readonly actionBarButtons?: readonly {
    readonly icon: string;
    readonly label: string;
    readonly tooltip: string;
    readonly onClick: () => void;
  }[];
  readonly setup?: () => void | Promise<void>;
}

export interface PageApi {
  /** *Run*, once a prompt; rejects with `{ response }`, the refusal as the server told it. */
  queuePrompt?(...words: readonly unknown[]): Promise<unknown>;
}

export interface ComfyPage {
  registerExtension(extension: PageExtension): void;
  /** `output` is the API format, `workflow` the page's own. */
  graphToPrompt(): Promise<{ readonly workflow: unknown; readonly output: Workflow }>;
  readonly graph?: PageGraph;
  readonly canvas?: { draw(foreground: boolean, background: boolean): void };
  readonly extensionManager?: {
    readonly workflow?: { readonly activeWorkflow?: { readonly filename?: unknown } };
    readonly setting?: { get(id: string): unknown };
  };
  readonly api?: PageApi;
}
