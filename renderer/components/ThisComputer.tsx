/** Settings of the desktop application itself. They take effect at once: no save bar, and what is refused is said beside the field. */
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { Preferences } from '../../contract/desktop.ts';
import type { Desktop } from '../desktop.ts';
import { PageLink } from '../hooks/navigation.tsx';
import { usePreferences } from '../hooks/preferences.ts';
import { words } from '../words.ts';
import { Button, buttonClass } from './Button.tsx';
import { Notice } from './Notice.tsx';
import { PreferenceChoice, PreferenceSwitch } from './PreferenceRow.tsx';
import { Row, RowProblem } from './Row.tsx';
import { EmptyNote } from './Section.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';
import styles from './ThisComputer.module.css';
import { UpdateRow } from './UpdateRow.tsx';

const told = words.computer;

/** @param onLanguage another language was chosen: the page must load anew */
export function ThisComputer({ desktop, onLanguage }: { desktop: Desktop; onLanguage: () => void }) {
  const { preferences, failed } = usePreferences();
  return (
    <SettingsGroup id="computer" title={told.heading} note={told.atOnce}>
      {preferences === undefined ? (
        <EmptyNote>{failed ? told.unreadable : words.loading}</EmptyNote>
      ) : (
        <PreferenceRows desktop={desktop} preferences={preferences} onLanguage={onLanguage} />
      )}
    </SettingsGroup>
  );
}

function PreferenceRows({
  desktop,
  preferences,
  onLanguage,
}: {
  desktop: Desktop;
  preferences: Preferences;
  onLanguage: () => void;
}) {
  const [restartNeeded, setRestartNeeded] = useState(false);
  const common = { preferences };
  return (
    <>
      <PreferenceChoice {...common} name="appearance" told={told.appearance} choices={pairs(told.appearanceChoice)} />
      <PreferenceChoice
        {...common}
        name="language"
        told={told.language}
        choices={pairs(told.languageChoice)}
        onChanged={onLanguage}
      />
      <PreferenceSwitch
        {...common}
        name="startAtLogin"
        told={told.startAtLogin}
        impossible={desktop.info.canStartAtLogin ? null : told.cannotStartAtLogin}
      />
      <PreferenceChoice
        {...common}
        name="openOnStart"
        told={told.openOnStart}
        choices={pairs(told.openOnStartChoice)}
      />
      <PreferenceSwitch {...common} name="showTrayIcon" told={told.showTrayIcon} />
      <PreferenceChoice
        {...common}
        name="notifications"
        told={told.notifications}
        choices={pairs(told.notificationsChoice)}
      />
      {preferences.notifications === 'all' && (
        <PreferenceSwitch {...common} name="notifyWakeAndSleep" told={told.notifyWakeAndSleep} />
      )}
      <PreferenceSwitch {...common} name="blockSleepWhileWorking" told={told.blockSleep} />
      <PreferenceChoice
        {...common}
        name="hardwareAcceleration"
        told={told.acceleration}
        choices={pairs(told.accelerationChoice)}
        onChanged={setRestartNeeded}
      />
      {restartNeeded && <RestartShell desktop={desktop} />}
      <PreferenceSwitch {...common} name="updates" told={told.updates} />
      <UpdateRow version={desktop.info.version} />
      {desktop.info.demo && <LeaveDemo desktop={desktop} />}
      <Row title={told.welcome.title} hint={told.welcome.hint}>
        <PageLink page="welcome" className={buttonClass('plain')}>
          {told.openWelcome}
        </PageLink>
      </Row>
    </>
  );
}

function RestartShell({ desktop }: { desktop: Desktop }) {
  const restart = useMutation({ mutationFn: () => desktop.ask('restartShell', null) });
  return (
    <div className={styles.restart}>
      <Notice
        tone="warning"
        role="status"
        actions={
          <Button busy={restart.isPending} onClick={() => restart.mutate()}>
            {told.restartShellButton}
          </Button>
        }
      >
        {told.restartShell}
        {restart.isError && ` ${restart.error.message}`}
      </Notice>
    </div>
  );
}

function LeaveDemo({ desktop }: { desktop: Desktop }) {
  const leave = useMutation({ mutationFn: () => desktop.ask('switchDemo', { demo: false }) });
  return (
    <Row
      title={told.demo.title}
      hint={told.demo.hint}
      below={leave.isError && <RowProblem>{`${told.failed} ${leave.error.message}`}</RowProblem>}
    >
      <Button busy={leave.isPending} onClick={() => leave.mutate()}>
        {told.leaveDemo}
      </Button>
    </Row>
  );
}

/** In the order in which the catalogue tells them. */
function pairs<Value extends string>(choices: Readonly<Record<Value, string>>): readonly (readonly [Value, string])[] {
  return Object.entries(choices) as [Value, string][];
}
