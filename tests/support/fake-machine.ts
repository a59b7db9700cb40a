/**
 * A machine of processes in memory, for tests of what is signalled. It keeps the kernel's rules that matter here (a dead
 * parent's children go to pid 1, a pid is given again only when neither a process nor a group bears it) and is otherwise
 * as unkind as can be: a pid is given again at once.
 */
import type { ProcessInfo, SearchableProcessTable } from '../../engine/supervisor/processes/process-table.ts';

export interface FakeProcess {
  readonly pid: number;
  parentPid: number;
  readonly groupId: number;
  readonly startToken: string;
  readonly command: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Who it is in the test's eyes; the code under test never sees it. */
  readonly label: string;
  readonly withstands: ReadonlySet<NodeJS.Signals>;
}

export interface Birth {
  readonly parentPid: number;
  readonly label: string;
  /** `own`: leads a new group, as after setsid. */
  readonly group?: 'same' | 'own';
  readonly command?: string;
  /** Replaces what it would inherit. */
  readonly environment?: Readonly<Record<string, string>>;
  readonly withstands?: readonly NodeJS.Signals[];
}

export interface FakeMachine {
  readonly table: SearchableProcessTable;
  /** As process.kill. Throws ESRCH and, for a process that withstands every signal, EPERM. */
  kill(pid: number, signal: NodeJS.Signals): void;
  /** Every process a signal reached, in order. */
  readonly hits: { readonly process: FakeProcess; readonly signal: NodeJS.Signals }[];
  spawn(birth: Birth): FakeProcess;
  die(pid: number): void;
  living(): FakeProcess[];
  /** Called before every look at the table: where other programs get their turn. */
  beforeLook: () => void;
}

export function createFakeMachine(): FakeMachine {
  const processes = new Map<number, FakeProcess>();
  let births = 0;

  const isTaken = (pid: number) => [...processes.values()].some((other) => other.pid === pid || other.groupId === pid);
  const infoOf = ({ pid, parentPid, groupId, startToken, command }: FakeProcess): ProcessInfo => ({
    pid,
    parentPid,
    groupId,
    startToken,
    command,
  });
  const look = () => {
    machine.beforeLook();
    return [...processes.values()];
  };

  function freePid(): number {
    let pid = 2;
    while (isTaken(pid)) pid += 1;
    return pid;
  }

  const machine: FakeMachine = {
    hits: [],
    beforeLook: () => undefined,

    spawn(birth) {
      const pid = freePid();
      const parent = processes.get(birth.parentPid);
      births += 1;
      const process: FakeProcess = {
        pid,
        parentPid: parent === undefined ? 1 : parent.pid,
        groupId: birth.group === 'own' || parent === undefined ? pid : parent.groupId,
        startToken: `birth-${births}`,
        command: birth.command ?? 'python main.py',
        environment: birth.environment ?? parent?.environment ?? {},
        label: birth.label,
        withstands: new Set(birth.withstands),
      };
      processes.set(pid, process);
      return process;
    },

    die(pid) {
      processes.delete(pid);
      for (const process of processes.values()) if (process.parentPid === pid) process.parentPid = 1;
    },

    kill(target, signal) {
      const reached = [...processes.values()].filter((process) =>
        target < 0 ? process.groupId === -target : process.pid === target,
      );
      if (reached.length === 0) throw Object.assign(new Error('kill ESRCH'), { code: 'ESRCH' });
      for (const process of reached) machine.hits.push({ process, signal });
      for (const process of reached) if (!process.withstands.has(signal)) machine.die(process.pid);
    },

    living: () => [...processes.values()],

    table: {
      list: async () => look().map(infoOf),
      find: async (pid) =>
        look()
          .filter((process) => process.pid === pid)
          .map(infoOf)[0] ?? null,
      environmentOf: async (pid, name) => processes.get(pid)?.environment[name] ?? null,
      pidsWithEnvironment: async (name, value) =>
        new Set(look().flatMap((process) => (process.environment[name] === value ? [process.pid] : []))),
      listenerOf: async () => null,
    },
  };
  return machine;
}
