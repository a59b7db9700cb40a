/** The browser tab shows how ComfyUI is: in its title and by the flame of its icon. */
import { useEffect } from 'react';
import type { Status } from '../../contract/status.ts';
import type { Page } from '../../strings/vocabulary.ts';
import { bootProgress } from '../lib/boot-progress.ts';
import { type FlameMood, flameIcon, flameOf } from '../lib/flame.ts';
import { moodOf } from '../lib/mood.ts';
import { tabTitle } from '../lib/tab-title.ts';

/** @param status undefined while the engine does not answer, `locked` while it asks for its token */
export function useTabFace(page: Page | null, status: Status | undefined | 'locked'): void {
  const title = tabTitle(page, status);
  const icon = iconOf(status === 'locked' ? undefined : status);

  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => {
    document.querySelector('link[rel="icon"]')?.setAttribute('href', icon);
  }, [icon]);
}

function iconOf(status: Status | undefined): string {
  const mood: FlameMood = status === undefined ? 'unknown' : moodOf(status);
  // The icon follows what the engine tells, not every tick: a tab need not be drawn anew each second.
  const fraction =
    status === undefined || status.boot === null
      ? null
      : bootProgress(status.boot, Date.parse(status.since), Date.parse(status.since)).fraction;
  return flameIcon(flameOf(mood, fraction));
}
