/** Finds in the last lines that ComfyUI printed what made it end. Pure. Only the end counts: a custom node that fails to import prints a traceback too, and ComfyUI goes on. */
import { customNodeIn } from '../health/boot-phases.ts';
import { GATE_NAME } from '../launch/gate.ts';

export interface PythonException {
  /** For example ModuleNotFoundError, torch.OutOfMemoryError. */
  readonly name: string;
  readonly message: string;
  /** The custom node whose code was running, when the traceback goes through one. */
  readonly customNode: string | null;
}

/** Lines after the exception that still belong to it: a message of several lines, blank ones, a warning at shutdown. */
const TRAILING_LINES = 15;
const EXCEPTION_LINE = /^((?:\w+\.)*\w*(?:Error|Exception|Interrupt|Exit|Failure|Unavailable|Timeout))(?:: (.*))?$/;

/** The exception that ended the process: the last one, if nothing ordinary was printed after it. */
export function fatalException(lines: readonly string[]): PythonException | null {
  for (let index = lines.length - 1; index >= Math.max(0, lines.length - TRAILING_LINES); index -= 1) {
    const line = lines[index] ?? '';
    // ComfyUI caught that one, and went on.
    if (line.startsWith('Cannot import ')) return null;
    const [, name, message] = EXCEPTION_LINE.exec(line) ?? [];
    if (name === undefined) continue;
    const traceback = tracebackBefore(lines, index);
    if (traceback === null) continue;
    const nodes = traceback.map(customNodeIn).filter((node) => node !== null);
    return { name, message: (message ?? '').trim(), customNode: nodes.at(-1) ?? null };
  }
  return null;
}

/** Lines of the traceback that ends just before `end`; null when there is none. */
function tracebackBefore(lines: readonly string[], end: number): string[] | null {
  const inside: string[] = [];
  for (let index = end - 1; index >= 0; index -= 1) {
    const line = lines[index] ?? '';
    if (line.startsWith('Traceback (most recent call last)')) return inside.reverse();
    if (line.startsWith('  ') || line.trim() === '') inside.push(line);
    else return null;
  }
  return null;
}

const MEMORY_SIGNS =
  /(OutOfMemoryError|CUDA out of memory|HIP out of memory|CUDA error: out of memory|Allocation on device|DefaultCPUAllocator: (?:not enough|can't allocate) memory|std::bad_alloc|\bMemoryError\b|Cannot allocate memory|paging file is too small)/;

/** The line that shows that memory ran out, GPU's or the computer's; only the newest lines count. */
export function outOfMemoryLine(lines: readonly string[]): string | null {
  return lines.slice(-40).findLast((line) => MEMORY_SIGNS.test(line)) ?? null;
}

/** What the shell said that could not become the start command; the words differ from shell to shell. */
export function refusedByGate(lines: readonly string[]): string | null {
  return firstMatch(lines.slice(-5), new RegExp(`^${GATE_NAME}: (?:(?:line )?\\d+: )?(?:exec: )?(.+)$`));
}

/** What argparse says when it refuses the command line, without its `main.py: error: `. */
export function refusedArguments(lines: readonly string[]): string | null {
  return firstMatch(lines.slice(-5), /^\S+: error: (.+)$/);
}

/** The file that Python was told to run and did not find. */
export function missingScript(lines: readonly string[]): string | null {
  return firstMatch(lines.slice(-5), /can't open file '([^']+)'/);
}

/** Errno 98 on Linux, 48 on macOS, 10048 on Windows. */
export function isPortTaken(lines: readonly string[]): boolean {
  return lines.slice(-TRAILING_LINES).some((line) => /\[Errno (98|48|10048)\]|address already in use/i.test(line));
}

/** ComfyUI prints this when it ends on Ctrl-C, and at no other time. */
export function endedByInterrupt(lines: readonly string[]): boolean {
  return lines.slice(-5).some((line) => line.trim() === 'Stopped server');
}

/** More prompts were accepted since ComfyUI started than were executed or refused. */
export function isPromptRunning(lines: readonly string[]): boolean {
  const started = lines.findLastIndex((line) => line.startsWith('To see the GUI go to'));
  let open = 0;
  for (const line of lines.slice(started + 1)) {
    if (line.startsWith('got prompt')) open += 1;
    else if (/^(Prompt executed in|invalid prompt: )/.test(line)) open -= 1;
  }
  return open > 0;
}

function firstMatch(lines: readonly string[], pattern: RegExp): string | null {
  for (const line of lines) {
    const found = pattern.exec(line)?.[1];
    if (found !== undefined) return found.trim();
  }
  return null;
}
