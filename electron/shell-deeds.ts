/** What tray, notifications, menus and links may ask of the shell. Types alone; main.ts wires the deeds. */
import type { LinkTarget } from '../contract/desktop.ts';

export interface ShellDeeds {
  /** Opens or brings to the front; every target but `comfyui` is a page of the dashboard window. */
  open(target: LinkTarget): void;
  /** Asks first while work is running; then ends ComfyUI, the engine and the shell. */
  quit(): void;
  /** After the engine was given up. */
  retryEngine(): void;
  /** Tells an error of something the user asked for outside a window (tray, notification). */
  tellProblem(title: string, message: string): void;
}
