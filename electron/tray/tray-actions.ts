/** Does what a menu item says, through the engine's API, and tells the user when the engine refuses. Knows no menu and no window. */
import type { KeepAwakeBody } from '../../contract/manager-api.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { OffloadAnswerSchema } from '../../contract/offload.ts';
import type { TrayWords } from '../../strings/en/tray.ts';
import { type EngineLink, EngineRefusal } from '../engine/engine-link.ts';
import type { ShellDeeds } from '../shell-deeds.ts';
import type { EngineDeed, TrayAction } from './menu-template.ts';

/** What would be lost by `deed`; a restart cannot wait for the queue. */
export interface LossQuestion {
  readonly deed: 'stop' | 'restart';
  readonly running: number;
  readonly pending: number;
}
export type LossAnswer = 'whenDone' | 'lose' | 'keep';

export interface TrayActionDependencies {
  readonly link: Pick<EngineLink, 'send' | 'status'>;
  readonly deeds: ShellDeeds;
  readonly words: () => TrayWords;
  readonly now: () => number;
  readonly askBeforeLoss: (question: LossQuestion) => Promise<LossAnswer>;
}

type DeedName = EngineDeed['do'];

const ROUTE: Record<DeedName, string> = {
  start: MANAGER_ROUTES.start,
  stop: MANAGER_ROUTES.stop,
  restart: MANAGER_ROUTES.restart,
  free: MANAGER_ROUTES.free,
  pause: MANAGER_ROUTES.pause,
  resume: MANAGER_ROUTES.resume,
  stopWhenDone: MANAGER_ROUTES.stop,
  keepAwake: MANAGER_ROUTES.keepAwake,
  offload: MANAGER_ROUTES.offload,
  bringBack: MANAGER_ROUTES.bringBack,
};

/** The returned function never rejects. */
export function createTrayActions({ link, deeds, words, now, askBeforeLoss }: TrayActionDependencies) {
  const post = (deed: DeedName, body?: unknown): Promise<unknown> => link.send('POST', ROUTE[deed], body);

  async function send(action: EngineDeed): Promise<void> {
    switch (action.do) {
      case 'start':
        await post('start', { withoutCustomNodes: action.withoutCustomNodes });
        break;
      case 'stopWhenDone':
        await post('stop', { whenDone: action.wanted });
        break;
      case 'keepAwake':
        await post('keepAwake', keepAwakeBody(action.how, now()));
        break;
      case 'offload':
        tellStayed(action.do, await post(action.do, { target: action.target }));
        break;
      case 'bringBack':
        tellStayed(action.do, await post(action.do, {}));
        break;
      case 'stop':
      case 'restart':
        await endComfyui(action.do);
        break;
      default:
        await post(action.do);
    }
  }

  async function endComfyui(deed: 'stop' | 'restart'): Promise<void> {
    try {
      await post(deed, {});
    } catch (error) {
      if (!(error instanceof EngineRefusal) || error.code !== 'work_in_progress') throw error;
      const answer = await askBeforeLoss({ deed, ...lossOf(error) });
      if (answer === 'lose') await post(deed, { force: true });
      if (answer === 'whenDone') await post('stop', { whenDone: true });
    }
  }

  /** What moved is seen in the list; why something stayed is said once. */
  function tellStayed(deed: 'offload' | 'bringBack', answer: unknown): void {
    const stayed = OffloadAnswerSchema.parse(answer).stayed;
    if (stayed[0] !== undefined)
      deeds.tellProblem(words().refused[deed], words().stayed(stayed.length, stayed[0].reason));
  }

  function tell(deed: DeedName, error: unknown): void {
    if (error instanceof EngineRefusal && error.code === 'start_cancelled') return;
    // A start that fails ends in a state: icon, tooltip and a notification tell of it, and why.
    const state = link.status()?.state;
    if (deed === 'start' && (state === 'failed' || state === 'backingOff')) return;
    const [code, message] = error instanceof EngineRefusal ? [error.code, error.message] : ['', String(error)];
    deeds.tellProblem(words().refused[deed], words().reason(code, message));
  }

  return async function run(action: TrayAction): Promise<void> {
    switch (action.do) {
      case 'open':
        deeds.open(action.target);
        return;
      case 'quit':
        deeds.quit();
        return;
      case 'retryEngine':
        deeds.retryEngine();
        return;
      default:
        await send(action).catch((error) => tell(action.do, error));
    }
  };
}

function lossOf({ details }: EngineRefusal): { running: number; pending: number } {
  return { running: Number(details.running ?? 0), pending: Number(details.pending ?? 0) };
}

const HOUR_SECONDS = 3600;
const MORNING_HOUR = 7;
/** "Until the morning" chosen at 2 at night means the morning that comes. */
const NIGHT_ENDS_HOUR = 5;

/** @param now epoch milliseconds; the morning is the next one at 7:00 local time */
export function keepAwakeBody(how: 'hour' | 'morning' | 'off', now: number): KeepAwakeBody {
  if (how === 'off') return { off: true };
  if (how === 'hour') return { seconds: HOUR_SECONDS };
  const morning = new Date(now);
  if (morning.getHours() >= NIGHT_ENDS_HOUR) morning.setDate(morning.getDate() + 1);
  morning.setHours(MORNING_HOUR, 0, 0, 0);
  return { until: morning.toISOString() };
}
