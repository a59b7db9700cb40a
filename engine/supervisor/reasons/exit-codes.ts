/** What an exit code or signal means, in words. Pure. */

export interface ProcessEnd {
  readonly exitCode: number | null;
  readonly signal: string | null;
}

/** `faulted`: ended by the system for what it did; `killed`: ended from outside; `interrupted`: somebody pressed Ctrl-C or closed its terminal. */
export interface EndMeaning {
  readonly kind: 'faulted' | 'killed' | 'interrupted' | 'code' | 'unknown';
  /** Fits after "ComfyUI". */
  readonly words: string;
}

const SIGNALS: Readonly<Record<string, EndMeaning>> = {
  SIGSEGV: { kind: 'faulted', words: 'crashed in native code (segmentation fault)' },
  SIGBUS: { kind: 'faulted', words: 'crashed on a memory access (bus error; a full disk or broken file can cause it)' },
  SIGFPE: { kind: 'faulted', words: 'crashed on an arithmetic fault in native code' },
  SIGILL: {
    kind: 'faulted',
    words: 'used an instruction this processor does not have (an installed package is built for a newer one)',
  },
  SIGABRT: { kind: 'faulted', words: 'was aborted by native code' },
  SIGKILL: { kind: 'killed', words: 'was killed from outside (SIGKILL)' },
  SIGTERM: { kind: 'killed', words: 'was ended from outside (SIGTERM)' },
  SIGINT: { kind: 'interrupted', words: 'was interrupted from its terminal (SIGINT)' },
  SIGHUP: { kind: 'interrupted', words: 'lost its terminal (SIGHUP)' },
};

/** 128 + n is how a shell reports that its program was ended by signal n. */
const SIGNAL_NUMBERS: Readonly<Record<number, string>> = {
  1: 'SIGHUP',
  2: 'SIGINT',
  4: 'SIGILL',
  6: 'SIGABRT',
  7: 'SIGBUS',
  8: 'SIGFPE',
  9: 'SIGKILL',
  11: 'SIGSEGV',
  15: 'SIGTERM',
};

/** NTSTATUS values that Windows gives as exit codes. */
const WINDOWS_CODES: Readonly<Record<number, EndMeaning>> = {
  3221225477: { kind: 'faulted', words: 'crashed in native code (access violation)' },
  3221226505: { kind: 'faulted', words: 'was aborted by native code (stack buffer overrun)' },
  3221225725: { kind: 'faulted', words: 'crashed by endless recursion (stack overflow)' },
  3221225501: { kind: 'faulted', words: 'used an instruction this processor does not have' },
  3221225495: { kind: 'faulted', words: 'ran out of memory' },
  3221225773: { kind: 'faulted', words: 'ran out of memory (the page file is too small)' },
  3221225781: { kind: 'faulted', words: 'could not find a DLL it needs (often the Visual C++ runtime)' },
  3221225794: { kind: 'faulted', words: 'could not load a DLL' },
  3221225786: { kind: 'interrupted', words: 'was interrupted from its console (Ctrl-C)' },
};

export function meaningOf(end: ProcessEnd): EndMeaning {
  const signal = end.signal ?? signalBehind(end.exitCode);
  if (signal !== null) return SIGNALS[signal] ?? { kind: 'killed', words: `was ended by the signal ${signal}` };
  if (end.exitCode === null) {
    return { kind: 'unknown', words: 'ended; an earlier Stoker had started it, so its exit code is not known' };
  }
  // Node gives the code of a Windows process unsigned, other tools signed.
  const windows = WINDOWS_CODES[end.exitCode >>> 0];
  return windows ?? { kind: 'code', words: `ended with exit code ${end.exitCode}` };
}

function signalBehind(exitCode: number | null): string | null {
  return exitCode === null ? null : (SIGNAL_NUMBERS[exitCode - 128] ?? null);
}
