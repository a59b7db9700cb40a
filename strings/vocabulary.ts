/** What the catalogue has words for, beside what the contract names: states, deeds and pages of the dashboard, keys of settings. Types alone. */

import type { YieldCause } from '../contract/courtesy.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { Settings } from '../contract/settings.ts';
import type { StartReason, StopReason } from '../contract/supervisor-state.ts';

/** How ComfyUI is, in the user's terms; `working` is running with something in the queue, `lent` without the card. */
export type Mood =
  | 'unconfigured'
  | 'asleep'
  | 'waking'
  | 'ready'
  | 'working'
  | 'stopping'
  | 'lent'
  | 'backingOff'
  | 'failed';

export type ActionName =
  | 'start'
  | 'tryAgain'
  | 'tryNow'
  | 'startWithoutCustomNodes'
  | 'cancelStart'
  | 'sleep'
  | 'stopTrying'
  | 'restart'
  | 'restartWithoutCustomNodes'
  | 'free'
  | 'pause'
  | 'resume';

export type Page = 'overview' | 'queue' | 'job' | 'gallery' | 'targets' | 'logs' | 'settings' | 'doctor' | 'welcome';

/** What can be done with jobs, and told of after. */
export type JobDoing =
  | 'cancel'
  | 'retry'
  | 'retryElsewhere'
  | 'offload'
  | 'bringBack'
  | 'delete'
  | 'cancelRemote'
  | 'move';

/** `used` stands for both when the driver does not tell whose memory it is. */
export type VramPart = 'comfy' | 'others' | 'used' | 'free';

/** Dotted, for example `idle.stopAfterSeconds`. */
export type SettingKey = { [Group in keyof Settings]: `${Group}.${keyof Settings[Group] & string}` }[keyof Settings];

export interface SettingWords {
  /** Missing where the contract's own title serves. */
  readonly title?: string;
  readonly hint: string;
  /** Shown behind a number. */
  readonly unit?: string;
  /** What an empty field means. */
  readonly whenEmpty?: string;
  readonly example?: string;
  /** By value, for a choice. */
  readonly choices?: Readonly<Record<string, string>>;
}

/** What an error of the engine is called in another language than its own. */
export interface ErrorWords {
  readonly title: string;
  readonly next: string;
  /** The engine's sentence names what only it knows (a folder, a port, a field): it is shown as well. */
  readonly withDetail?: true;
}

/** The engine tells in English. Null and missing entries: its sentence is shown as it comes. */
export interface EngineWords {
  readonly started: Readonly<Record<StartReason, string>> | null;
  readonly stopped: Readonly<Record<StopReason, string>> | null;
  /** A sentence around one of `started`. */
  readonly starting: (because: string, attempt: number) => string;
  readonly running: (because: string, withoutCustomNodes: boolean) => string;
  readonly stopping: string | null;
  /** @param owner of the lease that has the card, null for another cause */
  readonly yielded: ((cause: YieldCause, owner: string | null) => string) | null;
  readonly error: Readonly<Partial<Record<ErrorCode, ErrorWords>>>;
}
