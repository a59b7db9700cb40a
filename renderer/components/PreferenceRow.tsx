/** One preference of the desktop application: changed at once, and a refusal stands beside it. */
import type { Preferences, PreferencesPatch } from '../../contract/desktop.ts';
import { usePreferences } from '../hooks/preferences.ts';
import { words } from '../words.ts';
import { Row, RowProblem } from './Row.tsx';
import { Select } from './Select.tsx';
import { SwitchControl } from './Toggle.tsx';

interface Told {
  readonly title: string;
  readonly hint: string;
}

type Switches = { [Name in keyof Preferences]: Preferences[Name] extends boolean ? Name : never }[keyof Preferences];
/** `updates` has two values that are on and off to a person. */
type SwitchName = Switches | 'updates';
type Choices = Exclude<keyof Preferences, SwitchName>;

const isOn = (preferences: Preferences, name: SwitchName): boolean =>
  name === 'updates' ? preferences.updates === 'check' : preferences[name];

const switchPatch = (name: SwitchName, wanted: boolean): PreferencesPatch =>
  name === 'updates' ? { updates: wanted ? 'check' : 'off' } : { [name]: wanted };

export function PreferenceSwitch({
  name,
  told,
  preferences,
  impossible = null,
}: {
  name: SwitchName;
  told: Told;
  preferences: Preferences;
  /** Why it cannot be switched here. */
  impossible?: string | null;
}) {
  const { change } = usePreferences();
  const ids = idsOf(name);
  return (
    <Row
      title={told.title}
      labels={ids.control}
      hint={impossible ?? told.hint}
      hintId={ids.hint}
      below={change.isError && <RowProblem id={ids.problem}>{refusalWords(change.error)}</RowProblem>}
    >
      <SwitchControl
        id={ids.control}
        checked={isOn(preferences, name)}
        disabled={impossible !== null || change.isPending}
        describedBy={change.isError ? `${ids.problem} ${ids.hint}` : ids.hint}
        onChange={(wanted) => change.mutate(switchPatch(name, wanted))}
      />
    </Row>
  );
}

export function PreferenceChoice<Name extends Choices>({
  name,
  told,
  preferences,
  choices,
  onChanged,
}: {
  name: Name;
  told: Told;
  preferences: Preferences;
  choices: readonly (readonly [value: Preferences[Name], words: string])[];
  /** @param restartNeeded of the shell, for this change to be used */
  onChanged?: (restartNeeded: boolean) => void;
}) {
  const { change } = usePreferences();
  const ids = idsOf(name);
  return (
    <Row
      title={told.title}
      labels={ids.control}
      hint={told.hint}
      hintId={ids.hint}
      below={change.isError && <RowProblem id={ids.problem}>{refusalWords(change.error)}</RowProblem>}
    >
      <Select
        id={ids.control}
        value={preferences[name]}
        choices={choices}
        disabled={change.isPending}
        describedBy={change.isError ? `${ids.problem} ${ids.hint}` : ids.hint}
        onChange={(value) => {
          const patch: PreferencesPatch = { [name]: value };
          change.mutate(patch, { onSuccess: (changed) => onChanged?.(changed.restartNeeded) });
        }}
      />
    </Row>
  );
}

const idsOf = (name: string) => ({
  control: `preference-${name}`,
  hint: `preference-${name}-hint`,
  problem: `preference-${name}-problem`,
});

const refusalWords = (error: Error): string => `${words.computer.failed} ${error.message}`;
