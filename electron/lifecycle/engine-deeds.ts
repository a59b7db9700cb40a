/** What the user does to the engine as a whole: restart it, try the demo, decide when it was given up. Asks while there is work. */
import type { EngineHost } from '../engine/engine-host.ts';
import type { EngineWish } from '../engine/shell-engine.ts';
import type { Questions } from './questions.ts';
import { workOf } from './quit.ts';

export interface EngineDeedsDeps {
  readonly host: EngineHost;
  readonly wish: EngineWish;
  readonly questions: Pick<Questions, 'aboutRestarting' | 'aboutGivingUp'>;
  readonly windows: { anyOpen(): boolean };
  readonly quit: () => void;
}

export interface EngineDeeds {
  /** False: the user kept the work. @throws EngineRefusal `engine_not_ours` */
  restart(): Promise<boolean>;
  /** As restart, with or without the simulator. */
  switchDemo(demo: boolean): Promise<boolean>;
}

export function createEngineDeeds({ host, wish, questions, windows, quit }: EngineDeedsDeps): EngineDeeds {
  async function restart(change?: () => void): Promise<boolean> {
    if ((await host.restart(false, change)) === 'done') return true;
    const work = workOf(host.link.status()) ?? { running: 1, waiting: 0, remote: 0 };
    if (!(await questions.aboutRestarting(work))) return false;
    return (await host.restart(true, change)) === 'done';
  }

  let asked = false;
  /** An open window shows the reason by itself; a taken port needs an answer that only we can take. */
  async function askWhenGivenUp(): Promise<void> {
    const state = host.state();
    if (state.kind !== 'gaveUp') {
      asked = false;
      return;
    }
    const portTaken = state.code === 'public_port_taken';
    if (asked || (windows.anyOpen() && !portTaken)) return;
    asked = true;
    switch (await questions.aboutGivingUp(state.reason, portTaken)) {
      case 'quit':
        quit();
        return;
      case 'freePort':
        wish.port = 0;
    }
    host.retry();
  }
  host.link.onChange(() => void askWhenGivenUp());

  return {
    restart: () => restart(),
    switchDemo: (demo) =>
      restart(() => {
        wish.demo = demo;
      }),
  };
}
