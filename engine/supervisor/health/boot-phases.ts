/**
 * Reads how far a start is from what ComfyUI prints (order recorded with 0.3.64). Pure. The port opens only at the very
 * end and nothing tells the state over HTTP before, so the output is all there is to show.
 */
import { BOOT_PHASES, type BootPhase } from '../../../contract/supervisor-state.ts';

export interface BootProgress {
  readonly phase: BootPhase;
  /** The custom node that last said something. */
  readonly detail: string | null;
}

/** What the first lines of each phase look like. A line proves that the phases before it are over. */
const SIGNS: readonly (readonly [BootPhase, RegExp])[] = [
  ['server', /^(Starting server|To see the GUI go to|Context impl SQLiteImpl|setup plugin alembic)/],
  ['customNodes', /^(\[Prompt Server\] web root|Import times for custom nodes|### Loading: )/],
  [
    'torch',
    /^(Checkpoint files will always be loaded|Total VRAM |pytorch version: |Set vram state to: |Device: |ComfyUI version: )/,
  ],
];

/** Printed right after the port is bound, and only then. */
const GUI_LINE = /^To see the GUI go to: https?:\/\//;

/** Printed before anything else by a ComfyUI that starts; seen while one runs they mean that it restarted itself. */
const FIRST_LINES = /^(Checkpoint files will always be loaded|Prestartup times for custom nodes)/;

export function isGuiLine(line: string): boolean {
  return GUI_LINE.test(line);
}

export function isFirstBootLine(line: string): boolean {
  return FIRST_LINES.test(line);
}

/** Progress after one more line; phases never go back, and a line that says nothing returns the same object. */
export function progressAfter(progress: BootProgress, line: string): BootProgress {
  const sign = SIGNS.find(([, pattern]) => pattern.test(line));
  const phase = sign !== undefined && rank(sign[0]) > rank(progress.phase) ? sign[0] : progress.phase;
  const detail = phase === 'customNodes' ? (customNodeIn(line) ?? detailWithin(progress, phase)) : null;
  return phase === progress.phase && detail === progress.detail ? progress : { phase, detail };
}

/** The custom node a line speaks of: a path below custom_nodes, or the name that nodes put in front of what they print. */
export function customNodeIn(line: string): string | null {
  const inPath = /custom_nodes[\\/]+([^\\/\s"',:]+)/.exec(line)?.[1];
  if (inPath !== undefined) return inPath.replace(/\.py$/, '');
  const loading = /^### Loading: (.+?)(?:\s*\(.*\))?$/.exec(line)?.[1];
  if (loading !== undefined) return loading;
  const tag = /^\[([A-Za-z][\w .-]{1,60})\]/.exec(line)?.[1];
  return tag === undefined || NOT_A_NODE.test(tag) ? null : tag;
}

const NOT_A_NODE = /^(Prompt Server|INFO|WARNING|WARN|ERROR|DEBUG|START|DONE|notice|OK|FATAL)$/i;

function detailWithin(progress: BootProgress, phase: BootPhase): string | null {
  return progress.phase === phase ? progress.detail : null;
}

function rank(phase: BootPhase): number {
  return BOOT_PHASES.indexOf(phase);
}
