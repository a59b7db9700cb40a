/** Words of the shell's core: how the engine fares, what is asked on quitting, what goes wrong before any window is open. */
import { plural } from './grammar.ts';

export const shellWords = {
  engine: {
    notRunning: 'Stoker’s engine is not running at the moment.',
    silent: (pid: number) => `Stoker’s engine (process ${pid}) no longer answers.`,
    gone: (pid: number) => `Stoker’s engine (process ${pid}) has ended.`,
    slow: (seconds: number) => `Stoker’s engine did not answer within ${seconds} s of its start.`,
    /** @param how exit code or name of the signal; null when the system does not tell */
    ended: (how: number | string | null, lastLines: readonly string[]) => {
      const way = typeof how === 'number' ? ` with exit code ${how}` : how === null ? '' : ` (${how})`;
      const quoted = lastLines.length === 0 ? '' : `\nThe last lines it printed:\n${lastLines.join('\n')}`;
      return `Stoker’s engine ended${way}.${quoted}`;
    },
    /** The engine says itself why it cannot start. @param code of contract/errors.ts */
    refused: (code: string, message: string, next: string | null) =>
      // What to do about a port is asked right below.
      next === null || code === 'public_port_taken' ? message : `${message} ${next}`,
    folderUnusable: (folder: string, reason: string) =>
      `Stoker cannot write to its data folder ${folder}: ${reason}. Make it writable, or free some disk space.`,
    nodeMissing: (reason: string) =>
      `The program that runs Stoker’s engine could not be started: ${reason}. Please install Stoker again.`,
    tokenUnknown:
      'The running engine asks for an access token that is not known here. End that engine, or set STOKER_NETWORK_TOKEN and start Stoker again.',
    otherVersion: (url: string) =>
      `What answers at ${url} is an engine of another version, which somebody else started. End it, then try again.`,
    notOurs: (pid: number) =>
      `The engine (process ${pid}) was not started by this application, so it is left alone. End it where it was started.`,
  },
  gaveUp: {
    title: 'Stoker could not be started',
    tryAgain: 'Try again',
    chooseFreePort: 'Use a free port',
    quit: 'Quit',
    portHint: 'The address of ComfyUI changes with the port. It can be set for good in the settings.',
  },
  busy: {
    title: 'ComfyUI is working',
    /** @param running prompts being worked on @param waiting prompts in the queue behind */
    work: (running: number, waiting: number) => {
      if (running > 0 && waiting > 0)
        return `It works on ${plural(running, 'prompt', 'prompts')}; ${waiting} more wait.`;
      return running > 0 ? 'It works on a prompt.' : `${plural(waiting, 'prompt waits', 'prompts wait')} in the queue.`;
    },
    lost: 'It is kept: what runs now begins anew when Stoker runs again.',
    remoteTitle: 'Jobs run on an endpoint',
    remote: (jobs: number) =>
      `${plural(jobs, 'job runs', 'jobs run')} on an endpoint: that goes on and costs, and the results are kept there for half an hour only.`,
    quitWhenDone: 'Quit when the queue is done',
    quitNow: 'Quit now',
    restartNow: 'Restart now',
    cancel: 'Cancel',
    kept: 'Nothing was restarted: ComfyUI goes on with its work.',
  },
  problems: {
    title: 'Something needs attention',
    preferences: (file: string) =>
      `The preferences could not be read, so the defaults are used. The old file was kept as ${file}.`,
    keyStore: (names: readonly string[]) =>
      `These secrets could not be read from the key store and must be entered again: ${names.join(', ')}.`,
    loginItem: (reason: string) => `Starting at login could not be changed: ${reason}`,
  },
  noKeyStore: 'This computer offers no key store. Choose where to keep the secret.',
  /** The comment of the entry that starts Stoker at login. */
  loginComment: 'ComfyUI, running only while you need it',
};

export type ShellWords = typeof shellWords;
export type EngineWords = ShellWords['engine'];
