/** The guide's question whether Stoker starts with the computer; asked in the desktop application alone. */
import { type ReactNode, useState } from 'react';
import { usePreferences } from '../hooks/preferences.ts';
import { words } from '../words.ts';
import { GuideStep } from './GuideStep.tsx';

export function LoginStep({ onSaved, beside }: { onSaved: () => void; beside: ReactNode }) {
  const { preferences, change } = usePreferences();
  const [picked, setPicked] = useState<boolean | null>(null);
  // Most people who come here want it; who has chosen before finds that choice.
  const wanted = picked ?? (preferences?.welcomeDone === true ? preferences.startAtLogin : true);
  const told = words.welcome.login;
  return (
    <GuideStep
      choices={[
        { value: 'yes', label: told.yes, details: [told.yesHint] },
        { value: 'no', label: told.no, details: [told.noHint] },
      ]}
      value={wanted ? 'yes' : 'no'}
      saving={change.isPending}
      failure={change.error?.message ?? null}
      beside={beside}
      onChange={(value) => setPicked(value === 'yes')}
      onNext={() => change.mutate({ startAtLogin: wanted }, { onSuccess: onSaved })}
    />
  );
}
