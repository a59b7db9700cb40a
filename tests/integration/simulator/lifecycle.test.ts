/**
 * How the simulated process starts, ends and fails, held against what was recorded of ComfyUI itself
 * (tests/fixtures/recordings/comfyui-lifecycle.jsonl): exit codes, last lines, and what is left on disk.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type ComfyuiProcess,
  type ProcessEnd,
  type StartOptions,
  startSimulator,
  stopAllComfyui,
} from '../../support/comfyui-process.ts';
import { ask, askJson, post } from '../../support/http-ask.ts';
import { connectSocket, cutSocketClients } from '../../support/socket-client.ts';
import { workflow } from '../../support/workflows.ts';

interface RecordedCase {
  case: string;
  rc?: number | string | null;
  stderr_tail?: string[];
  temp_left?: boolean;
}

const recording = resolve(import.meta.dirname, '../../fixtures/recordings/comfyui-lifecycle.jsonl');
const cases = readFileSync(recording, 'utf8')
  .trim()
  .split('\n')
  // One path was shortened by hand in the recording and lost the backslash before its closing quote.
  .map((line) => JSON.parse(line.replace('/home/user/python",', '/home/user/python\\",')) as RecordedCase);

/** The first record of a name: later ones repeat it under another condition. */
function recorded(name: string): RecordedCase {
  const found = cases.find((candidate) => candidate.case === name);
  if (!found) throw new Error(`nothing recorded for ${name}`);
  return found;
}

/** As Python's subprocess counts: a signal is negative. */
function returnCode({ code, signal }: ProcessEnd): number | null {
  const numbers: Partial<Record<NodeJS.Signals, number>> = { SIGTERM: -15, SIGSEGV: -11, SIGKILL: -9 };
  return signal ? (numbers[signal] ?? 0) : code;
}

/** Without the port, which is another one each time. */
const tail = (lines: readonly string[], count: number) =>
  lines.slice(-count).map((line) => line.replace(/:\d+$/, ':PORT'));

const folders: string[] = [];
const start = (options: StartOptions = {}) =>
  startSimulator({ ...options, arguments: ['--cpu', ...(options.arguments ?? [])] });

afterEach(async () => {
  cutSocketClients();
  await stopAllComfyui();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'stoker-lifecycle-'));
  folders.push(made);
  return made;
}

async function submit(comfyui: ComfyuiProcess, name: string): Promise<void> {
  await post(`${comfyui.url}/prompt`, { prompt: workflow(name) });
}

/** Sends a running simulator a signal and says what came of it, in the recording's words. */
async function outcome(
  comfyui: ComfyuiProcess,
  signal: NodeJS.Signals,
  lines: number,
): Promise<Omit<RecordedCase, 'case'>> {
  comfyui.signal(signal);
  const end = await comfyui.ended;
  return {
    rc: returnCode(end),
    stderr_tail: tail(comfyui.stderrLines, lines),
    temp_left: existsSync(join(comfyui.baseDirectory, 'temp')),
  };
}

function expected(name: string): Omit<RecordedCase, 'case'> {
  const { rc, stderr_tail = [], temp_left } = recorded(name);
  return {
    rc: rc ?? null,
    stderr_tail: tail(stderr_tail, stderr_tail.length),
    ...(temp_left === undefined ? {} : { temp_left }),
  };
}

describe('an idle ComfyUI', () => {
  it.each([
    ['SIGINT', 'idle_SIGINT'],
    ['SIGTERM', 'idle_SIGTERM'],
  ] as const)('ends on %s as recorded', async (signal, name) => {
    expect(await outcome(await start(), signal, 3)).toEqual(expected(name));
  });
});

describe('a busy ComfyUI', () => {
  it.each([
    ['SIGINT', 'busy_SIGINT'],
    ['SIGTERM', 'busy_SIGTERM'],
  ] as const)('ends on %s as recorded', async (signal, name) => {
    const comfyui = await start();
    await submit(comfyui, 'slow_progress_10s');
    await comfyui.line(/^got prompt$/);
    expect(await outcome(comfyui, signal, 3)).toEqual(expected(name));
  });
});

describe('a frozen ComfyUI', () => {
  /** Resolves once it answers nothing any more. */
  const freeze = async ({ url }: ComfyuiProcess, seconds: number) => {
    await post(`${url}/prompt`, { prompt: workflow('block_8s_server_frozen', { '2.seconds': seconds }) });
    const answers = () =>
      ask(`${url}/queue`, { patienceMs: 300 }).then(
        () => true,
        () => false,
      );
    while (await answers());
  };

  it('ends on SIGTERM at once', async () => {
    const comfyui = await start();
    await freeze(comfyui, 60);
    expect((await outcome(comfyui, 'SIGTERM', 0)).rc).toBe(recorded('frozen_SIGTERM').rc);
  });

  it('ends on SIGINT when the node lets go', async () => {
    const comfyui = await start();
    await freeze(comfyui, 2);
    const { rc } = await outcome(comfyui, 'SIGINT', 0);
    expect([rc, comfyui.stderrLines.includes('Stopped server')]).toEqual([recorded('frozen_SIGINT').rc, true]);
  });
});

describe('a crash in a node', () => {
  it('ends the process by SIGSEGV and the sockets without a close frame', async () => {
    const comfyui = await start();
    const socket = await connectSocket(`${comfyui.url.replace('http', 'ws')}/ws?clientId=a`);
    await submit(comfyui, 'crash_segv');
    const end = await comfyui.ended;
    const { rc, stderr_tail = [] } = recorded('crash_segv');
    expect([returnCode(end), await socket.closed()]).toEqual([rc, 1006]);
    expect(tail(comfyui.stderrLines, 3)).toEqual(tail(stderr_tail, 3));
  });

  it('leaves an empty queue and history to the next start', async () => {
    const baseDirectory = folder();
    const first = await start({ baseDirectory });
    await submit(first, 'crash_segv');
    await first.ended;
    const second = await start({ baseDirectory, port: first.port });
    expect(await askJson(`${second.url}/history`)).toEqual({});
    expect(await askJson(`${second.url}/queue`)).toEqual({ queue_running: [], queue_pending: [] });
  });
});

describe('a second ComfyUI', () => {
  it('on a taken port fails after a whole start, with the temp files of the first already wiped', async () => {
    const baseDirectory = folder();
    const first = await start({ baseDirectory });
    await submit(first, 'preview_only');
    await first.line(/^Prompt executed in /);
    expect(readdirSync(join(baseDirectory, 'temp'))).toHaveLength(1);
    const second = await start({ baseDirectory, port: first.port, until: 'spawned' });
    const end = await second.ended;
    const { rc, stderr_tail = [] } = recorded('port_in_use');
    const address = (line = '') => line.replace(/\('127\.0\.0\.1', \d+\)/, '(ADDRESS)');
    expect([returnCode(end), address(second.stderrLines.at(-1))]).toEqual([rc, address(stderr_tail.at(-1))]);
    expect(second.stderrLines).toContain('Starting server');
    expect(readdirSync(join(baseDirectory, 'temp'))).toEqual([]);
    expect((await ask(`${first.url}/queue`)).status).toBe(200);
  });

  it('in the same folder on another port deletes the temp folder of the first when it ends', async () => {
    const baseDirectory = folder();
    const first = await start({ baseDirectory });
    const second = await start({ baseDirectory });
    await submit(first, 'preview_only');
    await first.line(/^Prompt executed in /);
    second.signal('SIGINT');
    await second.ended;
    expect(existsSync(join(baseDirectory, 'temp'))).toBe(false);
    await submit(first, 'minimal');
    expect((await ask(`${first.url}/queue`)).status).toBe(200);
  });
});

describe('custom nodes', () => {
  it('that raise on import are told in the recorded lines, and the server starts', async () => {
    const comfyui = await start({ arguments: ['--sim-broken-node', 'lab_import_error'] });
    const at = comfyui.stderrLines.findIndex((line) => line.startsWith('Cannot import '));
    expect(comfyui.stderrLines[at - 7]).toBe('Traceback (most recent call last):');
    expect(comfyui.stderrLines[at]).toMatch(
      /^Cannot import .*\/custom_nodes\/lab_import_error module for custom nodes: /,
    );
    expect(comfyui.stderrLines.filter((line) => line.includes('IMPORT FAILED'))).toEqual([
      expect.stringMatching(/^ {3}0\.0 seconds \(IMPORT FAILED\): .*\/custom_nodes\/lab_import_error$/),
    ]);
  });

  it('that call sys.exit end the process with their code and no word', async () => {
    const comfyui = await start({ arguments: ['--sim-exit-node', '7'], until: 'spawned' });
    const end = await comfyui.ended;
    const { rc, stderr_tail = [] } = recorded('custom_node_sys_exit');
    const begin = (line = '') => line.split(':')[0];
    expect([returnCode(end), begin(comfyui.stderrLines.at(-1))]).toEqual([rc, begin(stderr_tail.at(-1))]);
  });

  it('are not loaded when all are disabled', async () => {
    const comfyui = await start({ arguments: ['--sim-exit-node', '7', '--disable-all-custom-nodes'] });
    expect(await askJson(`${comfyui.url}/object_info/LabSlow`)).toEqual({});
  });
});

describe('the command line', () => {
  it('with an unknown flag ends with 2 and the words of argparse', async () => {
    const comfyui = await start({ arguments: ['--no-such-flag'], until: 'spawned' });
    const end = await comfyui.ended;
    const { rc, stderr_tail } = recorded('bad_flag');
    expect([returnCode(end), tail(comfyui.stderrLines, 1)]).toEqual([rc, stderr_tail]);
    expect([comfyui.stderrLines[0]?.startsWith('usage: main.py'), comfyui.stdoutLines]).toEqual([true, []]);
  });

  it('--quick-test-for-ci ends with 0 before a port is opened', async () => {
    const comfyui = await start({ arguments: ['--quick-test-for-ci'], until: 'spawned' });
    const end = await comfyui.ended;
    const { rc, stderr_tail = [] } = recorded('quick_test');
    expect([returnCode(end), tail(comfyui.stderrLines, 3)]).toEqual([rc, stderr_tail]);
  });

  it('--log-stdout moves everything to stdout', async () => {
    const comfyui = await start({ arguments: ['--log-stdout'] });
    expect([comfyui.stderrLines, comfyui.stdoutLines.at(-1)]).toEqual([[], `To see the GUI go to: ${comfyui.url}`]);
  });

  it('--dont-print-server drops the lines about the server', async () => {
    const comfyui = await start({ arguments: ['--dont-print-server'] });
    expect(tail(comfyui.stderrLines, 3)).toEqual(recorded('dont_print').stderr_tail);
  });
});

describe('a start', () => {
  it('refuses connections until everything is ready', async () => {
    const comfyui = await start({ arguments: ['--sim-start-seconds', '1'], until: 'spawned' });
    await comfyui.line(/^Device: /);
    await expect(ask(`${comfyui.url}/queue`)).rejects.toThrow('ECONNREFUSED');
    await comfyui.line(/^To see the GUI go to: /);
    expect((await ask(`${comfyui.url}/queue`)).status).toBe(200);
  });

  it('prints its lines in the recorded order', async () => {
    const order = [
      /^Checkpoint files will always be loaded safely\.$/,
      /^Total VRAM \d+ MB, total RAM \d+ MB$/,
      /^pytorch version: /,
      /^Set vram state to: DISABLED$/,
      /^Device: cpu$/,
      /^Python version: /,
      /^ComfyUI version: 0\.3\.64$/,
      /^ComfyUI frontend version: 1\.27\.10$/,
      /^\[Prompt Server\] web root: /,
      /^Import times for custom nodes:$/,
      /^ {3}0\.0 seconds: .*\/custom_nodes\/lab_nodes$/,
      /^Starting server$/,
      /^$/,
      /^To see the GUI go to: http:\/\/127\.0\.0\.1:\d+$/,
    ];
    const { stderrLines } = await start();
    const places = order.map((pattern, index) =>
      stderrLines.findIndex((line, at) => pattern.test(line) && (index < 12 || at >= stderrLines.length - 3)),
    );
    expect([places.includes(-1), places]).toEqual([false, [...places].sort((left, right) => left - right)]);
  });
});
