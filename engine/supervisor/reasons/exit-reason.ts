/** Says in words why ComfyUI ended or did not start, with the evidence: exit code or signal, last lines, the node that ran. Pure. */
import type { ErrorCode } from '../../../contract/errors.ts';
import type { BootPhase, Failure } from '../../../contract/supervisor-state.ts';
import { meaningOf, type ProcessEnd } from './exit-codes.ts';
import {
  fatalException,
  isPortTaken,
  missingScript,
  outOfMemoryLine,
  type PythonException,
  refusedArguments,
  refusedByGate,
} from './exit-evidence.ts';

export type ExitStage =
  /** It never answered. `customNode` is the one that last printed something. */
  | { readonly kind: 'starting'; readonly phase: BootPhase; readonly customNode: string | null }
  /** `node` is the type of the node that was being executed, when somebody knew. */
  | { readonly kind: 'running'; readonly node: string | null };

export interface ExitFacts extends ProcessEnd {
  readonly stage: ExitStage;
  /** What this run printed, oldest first; the newest few hundred lines are enough. */
  readonly lines: readonly string[];
  /** The kernel counted a process that it killed for want of memory while this one ran. */
  readonly kernelKilledForMemory: boolean;
  readonly withoutCustomNodes: boolean;
  readonly port: number;
}

export interface ExitExplanation {
  readonly failure: Failure;
  /** Starting again without changing anything can not help. */
  readonly permanent: boolean;
}

/** How many of the last lines go into a failure: a traceback and what led to it. */
export const FAILURE_LINES = 40;

interface Cause {
  readonly code: ErrorCode;
  readonly message: string;
  readonly permanent: boolean;
  readonly suspect: string | null;
  /** Starting without custom nodes may well help. */
  readonly nodesSuspected: boolean;
}

export function explainExit(facts: ExitFacts): ExitExplanation {
  const cause = causeOf(facts);
  return {
    failure: {
      code: cause.code,
      message: cause.message,
      exitCode: facts.exitCode,
      signal: facts.signal,
      suspect: cause.suspect,
      offerWithoutCustomNodes: cause.nodesSuspected && !facts.withoutCustomNodes,
      logTail: facts.lines.slice(-FAILURE_LINES),
    },
    permanent: cause.permanent,
  };
}

function causeOf(facts: ExitFacts): Cause {
  const { lines, stage } = facts;
  const exception = fatalException(lines);
  return (
    (stage.kind === 'starting' ? setupCause(facts, exception) : null) ??
    memoryCause(facts) ??
    (exception === null ? null : exceptionCause(facts, exception)) ??
    plainCause(facts)
  );
}

/** What is wrong with the installation or its settings: it will be wrong again next time. */
function setupCause(facts: ExitFacts, exception: PythonException | null): Cause | null {
  const { lines } = facts;
  const permanent = (message: string, code: ErrorCode = 'exited_early'): Cause => ({
    code,
    message,
    permanent: true,
    suspect: null,
    nodesSuspected: false,
  });

  const gate = facts.exitCode === 126 || facts.exitCode === 127 ? refusedByGate(lines) : null;
  if (gate !== null) {
    return permanent(
      `The start command could not be run: ${gate}. It, or the interpreter named in its first line, cannot be executed.`,
      'command_not_found',
    );
  }
  const refused = facts.exitCode === 2 ? refusedArguments(lines) : null;
  if (refused !== null) return permanent(`ComfyUI refused its command line: ${refused}.`);
  const script = missingScript(lines);
  if (script !== null) return permanent(`Python found no ${script}.`, 'folder_invalid');
  if (isPortTaken(lines)) {
    const message = `ComfyUI could not listen on port ${facts.port}: another program took it while ComfyUI was starting.`;
    return { ...permanent(message, 'private_port_taken'), permanent: false };
  }
  if (exception === null) return null;
  const module = /No module named '([^']+)'/.exec(exception.message)?.[1];
  if (module !== undefined) {
    const who = exception.customNode === null ? 'ComfyUI' : `the custom node ${exception.customNode}`;
    const cause = permanent(
      `The Python module "${module}" is missing, which ${who} needs. Install its requirements.txt into the environment that Stoker starts.`,
    );
    return { ...cause, suspect: exception.customNode, nodesSuspected: exception.customNode !== null };
  }
  if (/Found no NVIDIA driver/.test(exception.message)) {
    return permanent(
      'ComfyUI found no NVIDIA driver on this computer. Install the driver, or add --cpu to the extra arguments to run without a GPU.',
    );
  }
  if (/Torch not compiled with CUDA enabled/.test(exception.message)) {
    return permanent(
      'The installed PyTorch was built without CUDA. Install the CUDA build of PyTorch, or add --cpu to the extra arguments.',
    );
  }
  return null;
}

function memoryCause(facts: ExitFacts): Cause | null {
  const line = outOfMemoryLine(facts.lines);
  const killed = meaningOf(facts).kind === 'killed';
  if (line === null && !(killed && facts.kernelKilledForMemory)) return null;
  const graphics = line !== null && /CUDA|HIP|OutOfMemoryError|Allocation on device/.test(line);
  const what = graphics
    ? 'the memory of the graphics card ran out'
    : killed && facts.kernelKilledForMemory
      ? "the computer's memory ran out and the system killed it"
      : "the computer's memory ran out";
  return {
    code: codeOf(facts),
    message: `ComfyUI ended because ${what}${whileRunning(facts)}.${line === null ? '' : ` It printed: ${shortened(line)}`}`,
    permanent: false,
    suspect: suspectOf(facts),
    nodesSuspected: false,
  };
}

function exceptionCause(facts: ExitFacts, exception: PythonException): Cause {
  const what = exception.message === '' ? exception.name : `${exception.name}: ${shortened(exception.message)}`;
  const where = exception.customNode === null ? whileRunning(facts) : ` in the custom node ${exception.customNode}`;
  return {
    code: codeOf(facts),
    message: `ComfyUI ${meaningOf(facts).words}${where}: ${what}`,
    permanent: false,
    suspect: exception.customNode ?? suspectOf(facts),
    nodesSuspected: exception.customNode !== null || suspectOf(facts) !== null,
  };
}

function plainCause(facts: ExitFacts): Cause {
  const { stage } = facts;
  const meaning = meaningOf(facts);
  const cause = {
    code: codeOf(facts),
    permanent: false,
    suspect: suspectOf(facts),
    nodesSuspected: meaning.kind === 'faulted' || (stage.kind === 'starting' && stage.phase === 'customNodes'),
  };
  if (stage.kind === 'running') return { ...cause, message: `ComfyUI ${meaning.words}${whileRunning(facts)}.` };
  if (stage.phase !== 'customNodes' || meaning.kind !== 'code') {
    return { ...cause, message: `ComfyUI ${meaning.words} before it was ready, while ${phaseWords(stage.phase)}.` };
  }
  // Recorded: a custom node that calls sys.exit takes the server with it and prints nothing at all.
  const who = stage.customNode === null ? 'one of them' : `one of them, perhaps ${stage.customNode},`;
  return {
    ...cause,
    message: `ComfyUI ${meaning.words} while importing custom nodes, without saying why: ${who} ended the whole process.`,
  };
}

/** Fits after "while". */
export function phaseWords(phase: BootPhase): string {
  return PHASE_WORDS[phase];
}

const PHASE_WORDS: Readonly<Record<BootPhase, string>> = {
  launching: 'it was being launched',
  python: 'Python was loading its first modules',
  torch: 'PyTorch was being loaded',
  customNodes: 'custom nodes were being imported',
  server: 'the server was starting',
};

function codeOf(facts: ExitFacts): ErrorCode {
  return facts.stage.kind === 'starting' ? 'exited_early' : 'crashed';
}

function suspectOf({ stage }: ExitFacts): string | null {
  if (stage.kind === 'running') return stage.node;
  return stage.phase === 'customNodes' ? stage.customNode : null;
}

function whileRunning({ stage }: ExitFacts): string {
  return stage.kind === 'running' && stage.node !== null ? ` while running the node ${stage.node}` : '';
}

function shortened(text: string): string {
  return text.length > 300 ? `${text.slice(0, 299)}…` : text;
}
