/** The buttons of the state: one primary action, the way into ComfyUI, and how long it stays awake. */
import { MoonStar, MoreHorizontal, Play, RotateCw, Sun, X } from 'lucide-react';
import type { ReactNode } from 'react';
import type { Status } from '../../contract/status.ts';
import type { ActionName, Mood } from '../../strings/vocabulary.ts';
import { useActions } from '../hooks/actions.tsx';
import { useNow } from '../hooks/live.tsx';
import { formatMoment } from '../lib/format.ts';
import { tomorrowMorning } from '../lib/idle-outlook.ts';
import { actionsFor } from '../lib/mood.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import styles from './ControlBar.module.css';
import { Menu } from './Menu.tsx';
import { OpenComfyui } from './OpenComfyui.tsx';
import { Toggle } from './Toggle.tsx';

const ICONS: Partial<Record<ActionName, ReactNode>> = {
  start: <Play aria-hidden />,
  tryAgain: <RotateCw aria-hidden />,
  tryNow: <RotateCw aria-hidden />,
  sleep: <MoonStar aria-hidden />,
  cancelStart: <X aria-hidden />,
  resume: <Play aria-hidden />,
};

/** @param live false while the engine is unreachable: nothing can be asked of it then */
export function ControlBar({ status, mood, live }: { status: Status; mood: Mood; live: boolean }) {
  const actions = useActions();
  const { primary, beside, more } = actionsFor(status);
  const running = mood === 'ready' || mood === 'working';
  return (
    <div className={styles.bar}>
      {primary !== null && (
        <ActionButton action={primary} weight={mood === 'waking' ? 'plain' : 'primary'} disabled={!live} />
      )}
      {mood !== 'failed' && mood !== 'backingOff' && mood !== 'lent' && <OpenComfyui />}
      {running && <KeepAwakeMenu status={status} disabled={!live} />}
      {beside.map((action) => (
        <ActionButton key={action} action={action} weight="plain" disabled={!live} />
      ))}
      {(mood === 'working' || status.idle.stopWhenDone) && (
        <Toggle
          className={styles.whenDone}
          label={words.controls.stopWhenDone}
          checked={status.idle.stopWhenDone}
          disabled={!live}
          onChange={actions.stopWhenDone}
        />
      )}
      {more.length > 0 && (
        <span className={styles.more}>
          <Menu
            label={words.controls.more}
            icon={<MoreHorizontal aria-hidden />}
            iconOnly
            weight="quiet"
            disabled={!live}
            commands={more.map((action) => ({
              id: action,
              label: words.action[action],
              run: () => actions.run(action),
            }))}
          />
        </span>
      )}
    </div>
  );
}

function ActionButton({
  action,
  weight,
  disabled,
}: {
  action: ActionName;
  weight: 'primary' | 'plain';
  disabled: boolean;
}) {
  const actions = useActions();
  return (
    <Button
      weight={weight}
      disabled={disabled}
      busy={actions.pending.has(action)}
      icon={ICONS[action]}
      onClick={() => actions.run(action)}
    >
      {words.action[action]}
    </Button>
  );
}

const HOUR_SECONDS = 3600;

function KeepAwakeMenu({ status, disabled }: { status: Status; disabled: boolean }) {
  const actions = useActions();
  const now = useNow();
  const until = status.idle.keepAwakeUntil === null ? null : Date.parse(status.idle.keepAwakeUntil);
  const isOn = until !== null && until > now;
  const morning = tomorrowMorning(now);
  return (
    <Menu
      label={isOn ? words.controls.keepAwakeOn(formatMoment(until, now)) : words.controls.keepAwake}
      icon={<Sun aria-hidden />}
      disabled={disabled}
      busy={actions.pending.has('keepAwake')}
      commands={[
        { id: 'hour', label: words.controls.forOneHour, run: () => actions.keepAwake({ seconds: HOUR_SECONDS }) },
        {
          id: 'morning',
          label: words.controls.untilMorning(formatMoment(morning, now)),
          run: () => actions.keepAwake({ until: new Date(morning).toISOString() }),
        },
        ...(isOn ? [{ id: 'off', label: words.controls.letItSleep, run: () => actions.keepAwake({ off: true }) }] : []),
      ]}
    />
  );
}
