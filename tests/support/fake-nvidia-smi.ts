/** Puts a stand-in for nvidia-smi into a folder of its own and tells what was started of it. */
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakePlan {
  /** Rows of `--query-gpu`, printed at every sample. */
  readonly gpu: readonly string[];
  /** Rows of `--query-compute-apps`. */
  readonly apps: readonly string[];
  /** What `-L` prints. */
  readonly list: string;
  /** Lines of `-q -x`. */
  readonly xml: readonly string[];
  readonly everyMs: number;
  readonly lineEnd?: string;
  /** Prints each line in so many writes. */
  readonly pieces?: number;
  /** Lives on and prints nothing. */
  readonly hang?: boolean;
  /** Instead of the rows of `--query-gpu`. */
  readonly garbage?: readonly string[];
  readonly fail?: { readonly afterSamples: number; readonly text: string; readonly code: number };
  readonly ignoreSigterm?: boolean;
}

export interface FakeStart {
  readonly pid: number;
  readonly args: readonly string[];
}

export interface FakeNvidiaSmi {
  readonly command: string;
  plan(change: Partial<FakePlan>): void;
  /** All starts so far whose arguments contain this text. */
  starts(text?: string): FakeStart[];
  /** Of those, the ones that still run. */
  alive(text?: string): FakeStart[];
  /** How many samples of the cards it printed before it began to hang; null as long as it does not. */
  samplesBeforeHang(): number | null;
  /** Ends what still runs and removes the folder. */
  remove(): void;
}

export function createFakeNvidiaSmi(first: Partial<FakePlan> = {}): FakeNvidiaSmi {
  const folder = mkdtempSync(join(tmpdir(), 'stoker-smi-'));
  const command = join(folder, 'nvidia-smi');
  const planFile = join(folder, 'plan.json');
  const hangFile = join(folder, 'hanging');
  const startsFile = join(folder, 'starts.jsonl');
  const script = join(import.meta.dirname, 'fake-nvidia-smi.mjs');
  writeFileSync(command, `#!/bin/sh\nFAKE_SMI_FOLDER='${folder}' exec '${process.execPath}' '${script}' "$@"\n`, {
    mode: 0o755,
  });

  let plan: FakePlan = { gpu: [], apps: [], list: '', xml: [], everyMs: 20 };
  function change(part: Partial<FakePlan>): void {
    plan = { ...plan, ...part };
    // The script reads while this writes.
    writeFileSync(`${planFile}.new`, JSON.stringify(plan));
    renameSync(`${planFile}.new`, planFile);
  }
  change(first);

  function starts(text = ''): FakeStart[] {
    if (!existsSync(startsFile)) return [];
    const lines = readFileSync(startsFile, 'utf8').trimEnd().split('\n');
    return lines.map((line) => JSON.parse(line) as FakeStart).filter(({ args }) => args.join(' ').includes(text));
  }
  const alive = (text?: string) => starts(text).filter(({ pid }) => isAlive(pid));

  return {
    command,
    plan: change,
    starts,
    alive,
    samplesBeforeHang: () => (existsSync(hangFile) ? Number(readFileSync(hangFile, 'utf8') || Number.NaN) : null),
    remove() {
      for (const { pid } of alive()) process.kill(pid, 'SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
