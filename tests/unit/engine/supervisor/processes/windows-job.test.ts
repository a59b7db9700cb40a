import { describe, expect, test } from 'vitest';
import {
  bindJobObjects,
  createJobLifeline,
  type JobObjects,
} from '../../../../../engine/supervisor/processes/windows-job.ts';

const OPTIONS = { rootPid: 7444, recordFile: 'C:\\stoker\\record.json', waitSeconds: 12, graceSeconds: 2 };

/** Windows as this file knows it: a job whose last handle is closed ends its processes, if it was told to. */
function fakeWindows(refuses: readonly ('createJob' | 'setKillOnClose' | 'assign')[] = []) {
  let killOnClose = false;
  let openJobs = 0;
  const inJob = new Set<number>();
  const killed: number[] = [];
  const jobs: JobObjects = {
    createJob() {
      if (refuses.includes('createJob')) return null;
      openJobs += 1;
      return 'job';
    },
    setKillOnClose(_job, kill) {
      if (refuses.includes('setKillOnClose')) return false;
      killOnClose = kill;
      return true;
    },
    assign(_job, pid) {
      if (refuses.includes('assign')) return false;
      inJob.add(pid);
      return true;
    },
    close() {
      openJobs -= 1;
      if (killOnClose) killed.push(...inJob);
      inJob.clear();
    },
  };
  return { jobs, killed, inJob, openJobs: () => openJobs, killsOnClose: () => killOnClose };
}

function start(load: () => Promise<JobObjects | null>) {
  const warnings: unknown[] = [];
  const log = { warn: (details: unknown) => void warnings.push(details) };
  const startLifeline = createJobLifeline({ log: log as never, load });
  const lifeline = startLifeline(OPTIONS);
  return { lifeline, warnings, settled: () => new Promise((resolve) => setImmediate(resolve)) };
}

describe('the lifeline on Windows', () => {
  test('holds ComfyUI in a job that ends it when the engine is killed (pain 17)', async () => {
    const windows = fakeWindows();
    const { warnings, settled } = start(async () => windows.jobs);
    await settled();
    expect([...windows.inJob]).toEqual([7444]);
    expect(windows.killsOnClose()).toBe(true);
    expect(warnings).toEqual([]);
    windows.jobs.close('job');
    expect(windows.killed).toEqual([7444]);
  });

  test('harms nobody when released, also twice, also before the job is made', async () => {
    const windows = fakeWindows();
    const late = start(async () => windows.jobs);
    await late.settled();
    late.lifeline.release();
    late.lifeline.release();
    expect(windows.openJobs()).toBe(0);

    const early = start(async () => windows.jobs);
    early.lifeline.release();
    await early.settled();
    expect(windows.openJobs()).toBe(0);
    expect(windows.killed).toEqual([]);
  });

  test('keeps the handle rather than end ComfyUI when Windows does not lift kill-on-close', async () => {
    const refuses: 'setKillOnClose'[] = [];
    const windows = fakeWindows(refuses);
    const { lifeline, settled } = start(async () => windows.jobs);
    await settled();
    refuses.push('setKillOnClose');
    lifeline.release();
    expect(windows.openJobs()).toBe(1);
    expect(windows.killed).toEqual([]);
  });

  test.each(['createJob', 'setKillOnClose', 'assign'] as const)('warns when Windows refuses %s', async (refused) => {
    const windows = fakeWindows([refused]);
    const { warnings, settled } = start(async () => windows.jobs);
    await settled();
    expect(warnings).toHaveLength(1);
    expect(windows.openJobs()).toBe(0);
    expect(windows.killed).toEqual([]);
  });

  test('warns, and lets ComfyUI run, when koffi is not installed', async () => {
    const { lifeline, warnings, settled } = start(async () => null);
    await settled();
    expect(warnings).toEqual([{ rootPid: 7444, reason: 'koffi is not installed' }]);
    lifeline.release();
  });
});

describe('the calls to kernel32', () => {
  test('ask for kill-on-close at the place of LimitFlags, and close every handle they open', () => {
    const calls: { name: string; args: unknown[] }[] = [];
    const answers: Record<string, unknown> = { CreateJobObjectW: 11n, OpenProcess: 22n };
    const jobs = bindJobObjects({
      load: (library) => {
        expect(library).toBe('kernel32.dll');
        return {
          func: (declaration) => {
            const name = /(\w+)\(/.exec(declaration)?.[1] ?? '';
            return (...args) => {
              calls.push({ name, args });
              return name in answers ? answers[name] : true;
            };
          },
        };
      },
    });
    const job = jobs.createJob();
    expect(jobs.setKillOnClose(job, true)).toBe(true);
    expect(jobs.assign(job, 7444)).toBe(true);
    expect(calls.map((call) => call.name)).toEqual([
      'CreateJobObjectW',
      'SetInformationJobObject',
      'OpenProcess',
      'AssignProcessToJobObject',
      'CloseHandle',
    ]);
    const limits = calls[1]?.args[2] as Buffer;
    expect(limits.byteLength).toBe(calls[1]?.args[3]);
    expect(limits.readUInt32LE(16)).toBe(0x2800);
    expect(calls[4]?.args).toEqual([22n]);

    answers.OpenProcess = null;
    expect(jobs.assign(job, 7444)).toBe(false);
  });
});
