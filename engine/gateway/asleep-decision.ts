/**
 * Who answers a request while ComfyUI does not run. The one place that decides: a later issue answers a page from a store here.
 * Pure.
 */
import type { Activity } from './activity.ts';

export type AsleepDecision =
  /** Waits until ComfyUI answers. */
  | 'hold'
  /** Starts it and shows how that goes. */
  | 'wakingPage'
  | 'dashboard'
  /** Gets what is true without ComfyUI, or 503. */
  | 'known';

export interface AsleepFacts {
  readonly activity: Activity;
  readonly isNavigation: boolean;
  /** Path without query, `/comfyui` and `/api`. */
  readonly route: string;
  readonly isApi: boolean;
  /** Requests that wait for ComfyUI already. */
  readonly heldRequests: number;
}

export function decideWhileAsleep(facts: AsleepFacts): AsleepDecision {
  switch (facts.activity) {
    case 'neutral':
      return 'known';
    case 'counts':
      if (facts.isNavigation) return 'dashboard';
      // "Interrupt" pressed after "Run" must not overtake the prompt that is held.
      return facts.heldRequests > 0 ? 'hold' : 'known';
    case 'wakes':
      return facts.isNavigation && isPage(facts) ? 'wakingPage' : 'hold';
  }
}

/** A link that downloads a picture is a navigation too; the waking page would be saved under its name. */
const isPage = ({ route, isApi }: AsleepFacts): boolean => !isApi && route !== '/view' && !route.startsWith('/view/');
