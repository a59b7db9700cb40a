/**
 * The lifeline of Windows: a job object that holds ComfyUI's tree alone and ends it when the last handle, the engine's, is
 * closed, however the engine ends. Needs the optional koffi library; without it there is no lifeline, and what an engine left
 * behind is found by the next one through its record.
 */
import type { Log } from '../../platform/log.ts';
import type { StartLifeline } from './lifeline.ts';

/** A handle is opaque; 0 or null means that the call failed. */
type Handle = unknown;

export interface JobObjects {
  createJob(): Handle;
  /** What happens when the last handle to the job is closed. */
  setKillOnClose(job: Handle, kill: boolean): boolean;
  /** Takes the process, and whatever it starts from now on, into the job. */
  assign(job: Handle, pid: number): boolean;
  close(handle: Handle): void;
}

/** The part of koffi that is used. */
export interface Koffi {
  load(library: string): { func(declaration: string): (...args: unknown[]) => unknown };
}

const JOB_OBJECT_EXTENDED_LIMIT_INFORMATION = 9;
/** Size of that structure, and place of its LimitFlags, on 64-bit Windows. */
const LIMITS_BYTES = 144;
const LIMIT_FLAGS_OFFSET = 16;
const KILL_ON_JOB_CLOSE = 0x2000;
/** Lets a program that asks for it (a browser does) leave the job, and so outlive ComfyUI. */
const BREAKAWAY_OK = 0x0800;
const PROCESS_SET_QUOTA_AND_TERMINATE = 0x0101;

export function bindJobObjects(koffi: Koffi): JobObjects {
  const kernel = koffi.load('kernel32.dll');
  const createJobObject = kernel.func('void* __stdcall CreateJobObjectW(void* attributes, void* name)');
  const setInformation = kernel.func(
    'bool __stdcall SetInformationJobObject(void* job, int informationClass, void* information, uint32_t length)',
  );
  const openProcess = kernel.func('void* __stdcall OpenProcess(uint32_t access, bool inherit, uint32_t pid)');
  const assignProcess = kernel.func('bool __stdcall AssignProcessToJobObject(void* job, void* process)');
  const closeHandle = kernel.func('bool __stdcall CloseHandle(void* handle)');

  return {
    // No security attributes: the handle is not inherited, so ComfyUI cannot keep its own job open.
    createJob: () => createJobObject(null, null),
    setKillOnClose(job, kill) {
      const limits = Buffer.alloc(LIMITS_BYTES);
      limits.writeUInt32LE(kill ? KILL_ON_JOB_CLOSE | BREAKAWAY_OK : BREAKAWAY_OK, LIMIT_FLAGS_OFFSET);
      return setInformation(job, JOB_OBJECT_EXTENDED_LIMIT_INFORMATION, limits, LIMITS_BYTES) === true;
    },
    assign(job, pid) {
      const process = openProcess(PROCESS_SET_QUOTA_AND_TERMINATE, false, pid);
      if (!process) return false;
      const assigned = assignProcess(job, process) === true;
      closeHandle(process);
      return assigned;
    },
    close: (handle) => void closeHandle(handle),
  };
}

/** null where koffi is not installed or does not load. */
export async function loadJobObjects(): Promise<JobObjects | null> {
  // Not a literal: neither the compiler nor the bundler shall look for an optional library.
  const name = 'koffi';
  try {
    const module = (await import(/* @vite-ignore */ name)) as { readonly default: Koffi };
    return bindJobObjects(module.default);
  } catch {
    return null;
  }
}

export interface JobLifelineDeps {
  readonly log: Pick<Log, 'warn'>;
  readonly load: () => Promise<JobObjects | null>;
}

export function createJobLifeline(deps: JobLifelineDeps): StartLifeline {
  // Loaded before the first start: a child that Python starts before it is in the job would stay outside.
  const loading = deps.load();

  return ({ rootPid }) => {
    const unwatched = (reason: string) =>
      deps.log.warn(
        { rootPid, reason },
        'no lifeline: were Stoker killed now, ComfyUI would stay until its next start',
      );
    let held: { readonly jobs: JobObjects; readonly job: Handle } | null = null;
    let released = false;

    const hold = (jobs: JobObjects | null) => {
      if (released) return;
      if (jobs === null) return unwatched('koffi is not installed');
      const job = jobs.createJob();
      if (!job) return unwatched('Windows made no job object');
      if (jobs.setKillOnClose(job, true) && jobs.assign(job, rootPid)) {
        held = { jobs, job };
      } else {
        jobs.close(job);
        unwatched('Windows did not take the process into the job object');
      }
    };
    loading.then(hold).catch((error: unknown) => unwatched(String(error)));

    return {
      release() {
        released = true;
        if (held === null) return;
        const { jobs, job } = held;
        held = null;
        // Closing with kill-on-close still set would end ComfyUI. Better a handle too many than that.
        if (jobs.setKillOnClose(job, false)) jobs.close(job);
      },
    };
  };
}
