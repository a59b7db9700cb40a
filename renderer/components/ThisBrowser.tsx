/** What a browser remembers for itself, where there is no desktop application to keep it: appearance and language. */

import { useState } from 'react';
import type { Language, Preferences } from '../../contract/desktop.ts';
import { chooseAppearance } from '../appearance.ts';
import { PageLink } from '../hooks/navigation.tsx';
import { keepLanguage, keptAppearance, keptLanguage } from '../lib/browser-choice.ts';
import { words } from '../words.ts';
import { buttonClass } from './Button.tsx';
import { Row } from './Row.tsx';
import { Select } from './Select.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';

const told = words.computer;

/** @param onLanguage another language was chosen: the page must load anew */
export function ThisBrowser({ onLanguage }: { onLanguage: () => void }) {
  const [appearance, setAppearance] = useState(keptAppearance);
  return (
    <SettingsGroup id="computer" title={told.browserHeading} note={told.atOnce}>
      <Row title={told.appearance.title} labels="appearance" hint={told.appearance.hint} hintId="appearance-hint">
        <Select
          id="appearance"
          value={appearance}
          describedBy="appearance-hint"
          choices={Object.entries(told.appearanceChoice) as [Preferences['appearance'], string][]}
          onChange={(chosen) => {
            chooseAppearance(chosen);
            setAppearance(chosen);
          }}
        />
      </Row>
      <Row title={told.language.title} labels="language" hint={told.language.hint} hintId="language-hint">
        <Select
          id="language"
          value={keptLanguage()}
          describedBy="language-hint"
          choices={Object.entries(told.languageChoice) as [Language | 'system', string][]}
          onChange={(chosen) => {
            keepLanguage(chosen);
            onLanguage();
          }}
        />
      </Row>
      <Row title={told.welcome.title} hint={told.welcome.hint}>
        <PageLink page="welcome" className={buttonClass('plain')}>
          {told.openWelcome}
        </PageLink>
      </Row>
    </SettingsGroup>
  );
}
