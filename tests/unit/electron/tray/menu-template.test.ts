import { describe, expect, it } from 'vitest';
import type { Status } from '../../../../contract/status.ts';
import { menuTemplate, type TrayAction, type TrayItem } from '../../../../electron/tray/menu-template.ts';
import type { Situation } from '../../../../electron/tray/situation.ts';
import { trayWords as german } from '../../../../strings/de/tray.ts';
import { trayWords as english } from '../../../../strings/en/tray.ts';
import { failed, keptAwake, ready, working } from '../../../support/dashboard-fixtures.ts';
import { CONNECTED, clock, NOW, SCENES, type Scene, SITUATIONS } from './tray-scenes.ts';

const menuOf = ({ engine, status }: Scene, words = english) => menuTemplate({ engine, status, words, clock });
const menuOfStatus = (status: Status, words = english) => menuOf({ engine: CONNECTED, status }, words);

/** As a person reads it: what is greyed out in brackets. */
function read(items: readonly TrayItem[]): string[] {
  return items.flatMap((item) => {
    if (item.kind === 'separator') return ['-'];
    const label = item.label.replace(/&(.)/g, '$1');
    if (item.kind === 'line') return [`= ${label}`];
    const tick = item.kind === 'action' && item.checked ? ' ✓' : '';
    const line = item.enabled ? `${label}${tick}` : `(${label}${tick})`;
    return item.kind === 'submenu' ? [`${line} ▸`] : [line];
  });
}

const find = (items: readonly TrayItem[], label: string): Extract<TrayItem, { kind: 'action' | 'submenu' }> => {
  const found = items.find((item) => 'label' in item && item.label.replace('&', '').startsWith(label));
  if (found === undefined || found.kind === 'line' || found.kind === 'separator') throw new Error(`no item ${label}`);
  return found;
};
const actionOf = (items: readonly TrayItem[], label: string): TrayAction => {
  const item = find(items, label);
  if (item.kind !== 'action') throw new Error(`${label} opens a submenu`);
  return item.action;
};

it('reads, while ComfyUI is ready, as capability 21 says', () => {
  expect(read(menuOf(SCENES.ready))).toEqual([
    '= Ready',
    '-',
    'Sleep Now',
    'Restart ComfyUI',
    'Free VRAM',
    '-',
    'Open ComfyUI',
    'Open Dashboard',
    '-',
    '(Sleep When the Queue Is Done)',
    'Keep Awake ▸',
    'Pause and Free the Card',
    '-',
    'Settings…',
    'Log',
    '-',
    'Quit Stoker',
  ]);
});

/** State line, then what can be chosen before "Open ComfyUI". */
const EXPECTED: Record<Situation, { line: string; main: string[]; below: string[] }> = {
  engineStarting: {
    line: 'Stoker is starting',
    main: ['(Start ComfyUI)', '(Restart ComfyUI)', '(Free VRAM)'],
    below: ['(Keep Awake) ▸', '(Pause and Free the Card)'],
  },
  engineRestarting: {
    line: 'Stoker is starting again',
    main: ['(Start ComfyUI)', '(Restart ComfyUI)', '(Free VRAM)'],
    below: ['(Keep Awake) ▸', '(Pause and Free the Card)'],
  },
  engineGone: {
    line: 'Stoker’s engine does not run',
    main: ['Try Again', '(Restart ComfyUI)', '(Free VRAM)'],
    below: ['(Keep Awake) ▸', '(Pause and Free the Card)'],
  },
  ending: {
    line: 'Quitting',
    main: ['(Start ComfyUI)', '(Restart ComfyUI)', '(Free VRAM)'],
    below: ['(Keep Awake) ▸', '(Pause and Free the Card)'],
  },
  unconfigured: {
    line: 'No ComfyUI chosen yet',
    main: ['Choose ComfyUI…', '(Restart ComfyUI)', '(Free VRAM)'],
    below: ['(Keep Awake) ▸', '(Pause and Free the Card)'],
  },
  asleep: {
    line: 'Asleep, the card is free',
    main: ['Start ComfyUI', '(Restart ComfyUI)', '(Free VRAM)'],
    below: ['(Keep Awake) ▸', 'Pause and Free the Card'],
  },
  waking: {
    line: 'Waking',
    main: ['Cancel the Start', '(Restart ComfyUI)', '(Free VRAM)'],
    below: ['Keep Awake ▸', 'Pause and Free the Card'],
  },
  ready: {
    line: 'Ready',
    main: ['Sleep Now', 'Restart ComfyUI', 'Free VRAM'],
    below: ['Keep Awake ▸', 'Pause and Free the Card'],
  },
  working: {
    line: 'Working',
    main: ['Sleep Now', 'Restart ComfyUI', 'Free VRAM'],
    below: ['Keep Awake ▸', 'Pause and Free the Card'],
  },
  stopping: {
    line: 'Going to sleep',
    main: ['(Start ComfyUI)', '(Restart ComfyUI)', '(Free VRAM)'],
    below: ['(Keep Awake) ▸', '(Pause and Free the Card)'],
  },
  finishing: {
    line: 'Finishing the running prompt',
    main: ['(Start ComfyUI)', 'Restart ComfyUI', 'Free VRAM'],
    below: ['(Keep Awake) ▸', 'Resume (3 prompts kept)'],
  },
  paused: {
    line: 'Paused, the card is free',
    main: ['(Start ComfyUI)', '(Restart ComfyUI)', '(Free VRAM)'],
    below: ['(Keep Awake) ▸', 'Resume (12 prompts kept)'],
  },
  lent: {
    line: 'The card is lent out',
    main: ['(Start ComfyUI)', '(Restart ComfyUI)', '(Free VRAM)'],
    below: ['(Keep Awake) ▸', 'Resume'],
  },
  backingOff: {
    line: 'Crashed, starts again',
    main: ['Try Now', 'Stop Trying', '(Restart ComfyUI)', '(Free VRAM)'],
    below: ['(Keep Awake) ▸', '(Pause and Free the Card)'],
  },
  failed: {
    line: 'Failed',
    main: ['Try Again', 'Start without Custom Nodes', '(Restart ComfyUI)', '(Free VRAM)'],
    below: ['(Keep Awake) ▸', '(Pause and Free the Card)'],
  },
};

describe('the menu offers what makes sense now', () => {
  it.each(SITUATIONS)('%s', (situation) => {
    const lines = read(menuOf(SCENES[situation]));
    const open = lines.findIndex((line) => line.includes('Open ComfyUI'));
    const below = lines.findIndex((line) => line.includes('Keep Awake'));
    expect({ line: lines[0]?.slice(2), main: lines.slice(2, open - 1), below: lines.slice(below, below + 2) }).toEqual(
      EXPECTED[situation],
    );
  });

  it.each(SITUATIONS)('one can always quit and see the dashboard, but not twice: %s', (situation) => {
    const items = menuOf(SCENES[situation]);
    expect(find(items, 'Quit Stoker').enabled).toBe(situation !== 'ending');
    expect(find(items, 'Open Dashboard').enabled).toBe(situation !== 'ending');
  });

  it.each(SITUATIONS)('a letter chooses one item only, in either language: %s', (situation) => {
    for (const words of [english, german]) {
      const letters = menuOf(SCENES[situation], words).flatMap((item) => {
        const letter = 'label' in item && item.kind !== 'line' ? /&(.)/.exec(item.label)?.[1] : undefined;
        return letter === undefined ? [] : [letter.toLowerCase()];
      });
      expect(letters).toEqual([...new Set(letters)]);
    }
  });
});

describe('the items do what they say', () => {
  it('main actions', () => {
    expect(actionOf(menuOf(SCENES.asleep), 'Start')).toEqual({ do: 'start', withoutCustomNodes: false });
    expect(actionOf(menuOf(SCENES.waking), 'Cancel')).toEqual({ do: 'stop' });
    expect(actionOf(menuOf(SCENES.working), 'Sleep Now')).toEqual({ do: 'stop' });
    expect(actionOf(menuOf(SCENES.backingOff), 'Try Now')).toEqual({ do: 'start', withoutCustomNodes: false });
    expect(actionOf(menuOf(SCENES.backingOff), 'Stop')).toEqual({ do: 'stop' });
    expect(actionOf(menuOf(SCENES.failed), 'Start without')).toEqual({ do: 'start', withoutCustomNodes: true });
    expect(actionOf(menuOf(SCENES.engineGone), 'Try Again')).toEqual({ do: 'retryEngine' });
    expect(actionOf(menuOf(SCENES.unconfigured), 'Choose')).toEqual({ do: 'open', target: 'welcome' });
    expect(actionOf(menuOf(SCENES.paused), 'Resume')).toEqual({ do: 'resume' });
  });

  it('"without custom nodes" is offered only where it may help', () => {
    const status = failed(NOW);
    const error = { ...(status.error as NonNullable<Status['error']>), offerWithoutCustomNodes: false };
    expect(read(menuOfStatus({ ...status, error })).join()).not.toContain('Custom Nodes');
  });

  it('the wish to sleep after the queue can be made and taken back', () => {
    const status = working(NOW);
    const made = { ...status, idle: { ...status.idle, stopWhenDone: true } };
    expect(actionOf(menuOfStatus(status), 'Sleep When')).toEqual({ do: 'stopWhenDone', wanted: true });
    expect(actionOf(menuOfStatus(made), 'Sleep When')).toEqual({ do: 'stopWhenDone', wanted: false });
    expect(read(menuOfStatus(made))).toContain('Sleep When the Queue Is Done ✓');
    const idle = ready(NOW);
    const nothingLeft = { ...idle, idle: { ...idle.idle, stopWhenDone: true } };
    expect(read(menuOfStatus(nothingLeft))).toContain('Sleep When the Queue Is Done ✓');
  });

  it('keeping awake: an hour, until the morning, no longer', () => {
    const submenu = (status: Status) => {
      const item = find(menuOfStatus(status), 'Keep Awake');
      if (item.kind !== 'submenu') throw new Error('not a submenu');
      return { label: item.label.replace('&', ''), items: item.items };
    };
    expect(read(submenu(ready(NOW)).items)).toEqual([
      'For 1 Hour',
      'Until 7 in the Morning',
      '-',
      '(Let It Sleep Again)',
    ]);
    const kept = submenu(keptAwake(NOW, NOW + 3_600_000));
    expect(kept.label).toBe('Keep Awake (until 14:00)');
    expect(read(kept.items)).toContain('Let It Sleep Again');
    expect(actionOf(kept.items, 'Let It')).toEqual({ do: 'keepAwake', how: 'off' });
    expect(actionOf(kept.items, 'For 1')).toEqual({ do: 'keepAwake', how: 'hour' });
  });
});

describe('offload', () => {
  const withJobs = (jobs: Partial<Status['jobs']>): Status => {
    const status = working(NOW);
    return { ...status, jobs: { ...status.jobs, ...jobs } };
  };
  const pod = { name: 'pod', refusal: null };
  const shown = (jobs: Partial<Status['jobs']>, words = english) => {
    const item = menuOfStatus(withJobs(jobs), words).find(
      (each) => each.kind === 'submenu' && /Offload|auslagern/.test(each.label.replace('&', '')),
    );
    if (item === undefined) return null;
    if (item.kind !== 'submenu') throw new Error('not a submenu');
    return { label: item.label.replace('&', ''), enabled: item.enabled, items: read(item.items) };
  };

  it('is not there while there is no place to move jobs to', () => {
    expect(shown({ movable: 3 })).toBeNull();
  });

  it('offers each place, and the way back', () => {
    const jobs = { movable: 3, offloadTargets: [pod, { name: 'farm', refusal: 'farm is paused.' }] };
    expect(shown(jobs)).toEqual({
      label: 'Offload Queue',
      enabled: true,
      items: ['To pod', '(To farm (takes none now))', '-', '(Bring Back)'],
    });
    expect(shown({ ...jobs, movable: 0, returnable: 2 })?.items).toEqual([
      '(To pod)',
      '(To farm (takes none now))',
      '-',
      'Bring Back',
    ]);
    expect(shown(jobs, german)?.items[0]).toBe('Nach pod');
  });

  it('says why it is disabled when nothing can move', () => {
    expect(shown({ offloadTargets: [pod] })).toMatchObject({ label: 'Offload Queue (nothing waits)', enabled: false });
  });

  it('a letter chooses one item only with it, in either language', () => {
    for (const words of [english, german]) {
      const letters = menuOfStatus(withJobs({ movable: 1, offloadTargets: [pod] }), words).flatMap((item) => {
        const letter = 'label' in item && item.kind !== 'line' ? /&(.)/.exec(item.label)?.[1] : undefined;
        return letter === undefined ? [] : [letter.toLowerCase()];
      });
      expect(letters).toEqual([...new Set(letters)]);
    }
  });
});

it('is the same while only numbers tick: nothing is rebuilt under the pointer', () => {
  const status = working(NOW);
  const later: Status = {
    ...status,
    queue: { ...status.queue, pending: 2, current: null },
    gpus: [],
    since: new Date(NOW + 5000).toISOString(),
  };
  expect(menuOfStatus(later)).toEqual(menuOfStatus(status));
});
