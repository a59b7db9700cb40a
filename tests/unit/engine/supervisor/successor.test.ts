import { describe, expect, it } from 'vitest';
import type { ProcessInfo } from '../../../../engine/supervisor/processes/process-table.ts';
import { findSuccessor } from '../../../../engine/supervisor/successor.ts';

const departed = { pid: 100, nonce: 'ours', port: 41_000 };
const comfy = 'python main.py --port 41000';

interface Row {
  readonly pid: number;
  readonly parentPid?: number;
  readonly command?: string;
  /** null: cannot be read, as on Windows. */
  readonly nonce?: string | null;
  readonly listens?: boolean;
}

async function find(...rows: Row[]): Promise<number | null> {
  const processes = rows.map(
    ({ pid, parentPid = 1, command = comfy }): ProcessInfo => ({
      pid,
      parentPid,
      groupId: 100,
      startToken: 't',
      command,
    }),
  );
  const found = await findSuccessor(departed, {
    list: async () => processes,
    environmentOf: async (pid) => rows.find((row) => row.pid === pid)?.nonce ?? null,
    listenerOf: async () => processes.find(({ pid }) => rows.some((row) => row.pid === pid && row.listens)) ?? null,
  });
  return found?.pid ?? null;
}

describe('findSuccessor', () => {
  it('finds the process with our nonce that names our port', async () => {
    expect(await find({ pid: 7, command: 'bash' }, { pid: 200, nonce: 'ours' })).toBe(200);
  });

  it('finds the one that listens already, however it was started', async () => {
    expect(await find({ pid: 200, nonce: 'ours', command: 'python', listens: true })).toBe(200);
  });

  it('finds on Windows the child that the departed left, without seeing its environment', async () => {
    expect(await find({ pid: 200, parentPid: 100, nonce: null })).toBe(200);
  });

  it('does not take a helper that outlived the departed for it', async () => {
    expect(await find({ pid: 200, parentPid: 100, nonce: 'ours', command: 'ffmpeg -i x' })).toBeNull();
  });

  it('does not take a stranger for it, even one on our port', async () => {
    expect(await find({ pid: 200, nonce: 'theirs', listens: true })).toBeNull();
    expect(await find({ pid: 200, nonce: null, command: 'nginx', listens: true })).toBeNull();
    expect(await find({ pid: 200, nonce: null })).toBeNull();
  });

  it('does not take a longer number for our port', async () => {
    expect(await find({ pid: 200, nonce: 'ours', command: 'python main.py --port 410001' })).toBeNull();
  });

  it('takes the parent when a wrapper and its child both fit', async () => {
    expect(await find({ pid: 201, parentPid: 200, nonce: 'ours' }, { pid: 200, nonce: 'ours' })).toBe(200);
  });

  it('does not find the departed itself', async () => {
    expect(await find({ pid: 100, nonce: 'ours' })).toBeNull();
  });
});
