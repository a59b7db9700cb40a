import { expect, it } from 'vitest';
import { type AsleepFacts, decideWhileAsleep } from '../../../../engine/gateway/asleep-decision.ts';

const facts = (more: Partial<AsleepFacts>): AsleepFacts => ({
  activity: 'wakes',
  isNavigation: false,
  route: '/prompt',
  isApi: true,
  heldRequests: 0,
  ...more,
});

it.each<[string, Partial<AsleepFacts>, string]>([
  ['a prompt waits for ComfyUI', {}, 'hold'],
  ['a person sees the waking page', { isNavigation: true, route: '/', isApi: false }, 'wakingPage'],
  ['a page of a custom node too', { isNavigation: true, route: '/litegui/', isApi: false }, 'wakingPage'],
  [
    'a picture’s link waits: the page would be saved as the picture',
    { isNavigation: true, route: '/view', isApi: false },
    'hold',
  ],
  ['so does a file below /api', { isNavigation: true, route: '/userdata/a.json' }, 'hold'],
  ['a repeated read gets what is true', { activity: 'neutral', route: '/queue' }, 'known'],
  ['the dashboard as home', { activity: 'counts', isNavigation: true, route: '/', isApi: false }, 'dashboard'],
  ['interrupting nothing', { activity: 'counts', route: '/interrupt' }, 'known'],
  [
    'interrupting a prompt that is held must not overtake it',
    { activity: 'counts', route: '/interrupt', heldRequests: 1 },
    'hold',
  ],
])('%s', (_what, more, expected) => {
  expect(decideWhileAsleep(facts(more))).toBe(expected);
});
