/** All settings on one page: edit several, see at once what is wrong, save them together. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useEffect, useMemo, useState } from 'react';
import type { Installation } from '../../contract/doctor.ts';
import type { SettingsAnswer, TakesEffect } from '../../contract/settings.ts';
import { fetchSettings, patchSettings } from '../api.ts';
import { FoundInstallations } from '../components/FoundInstallations.tsx';
import { Notice } from '../components/Notice.tsx';
import { PageHead } from '../components/PageHead.tsx';
import { RestartBanner } from '../components/RestartBanner.tsx';
import { SaveBar } from '../components/SaveBar.tsx';
import { EmptyNote } from '../components/Section.tsx';
import { SettingRow } from '../components/SettingRow.tsx';
import { SettingsFile } from '../components/SettingsFile.tsx';
import { SettingsGroup } from '../components/SettingsGroup.tsx';
import { ThisBrowser } from '../components/ThisBrowser.tsx';
import { ThisComputer } from '../components/ThisComputer.tsx';
import { TokenPanel } from '../components/tokens/TokenPanel.tsx';
import { desktop } from '../desktop.ts';
import { fieldErrors } from '../lib/api-error.ts';
import { failureWords } from '../lib/engine-sentences.ts';
import { SETTING_FIELDS, SETTING_GROUPS, type SettingField, type SettingGroup } from '../lib/setting-fields.ts';
import type { Typed } from '../lib/setting-value.ts';
import { type Draft, type DraftReview, reviewDraft } from '../lib/settings-draft.ts';
import { keys } from '../live-cache.ts';
import { isReloading, reloadKeeping } from '../page-reload.ts';
import { words } from '../words.ts';
import styles from './SettingsPage.module.css';

/** In the order of the page. What takes effect at once comes first, away from the button that saves the rest. */
const PARTS: readonly (readonly [id: string, title: string])[] = [
  ['computer', desktop === null ? words.computer.browserHeading : words.computer.heading],
  ...SETTING_GROUPS.map((group) => [group, words.settings.group[group]] as const),
  ['file', words.settingsFile.heading],
];

/** The draft is kept above, so that a look at another page does not lose it. */
export function SettingsPage({
  draft,
  onDraft,
  live,
}: {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  live: boolean;
}) {
  const settings = useQuery({ queryKey: keys.settings, queryFn: fetchSettings });
  return (
    <div className={styles.page}>
      <PageHead title={words.settings.heading} />
      {settings.data === undefined ? (
        settings.isError ? (
          <Notice tone="danger">
            {words.settings.failed} {failureWords(settings.error)}
          </Notice>
        ) : (
          <EmptyNote>{words.loading}</EmptyNote>
        )
      ) : (
        <SettingsForm answer={settings.data} draft={draft} onDraft={onDraft} live={live} />
      )}
    </div>
  );
}

interface FormProps {
  readonly answer: SettingsAnswer;
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly live: boolean;
}

function SettingsForm({ answer, draft, onDraft, live }: FormProps) {
  const cache = useQueryClient();
  const review = useMemo(() => reviewDraft(answer.settings, draft), [answer.settings, draft]);
  const [savedOnce, setSavedOnce] = useState(false);
  const save = useMutation({
    mutationFn: patchSettings,
    onSuccess(saved) {
      cache.setQueryData(keys.settings, saved);
      onDraft({});
      setSavedOnce(true);
      // Where the API port listens may have changed.
      void cache.invalidateQueries({ queryKey: keys.tokens });
    },
  });
  useWarnBeforeLeaving(review.changed.size > 0);
  useEffect(() => showField(Object.keys(fieldErrors(save.error))[0]), [save.error]);

  /** What the engine found after ours: it knows folders and ports that a page cannot look at. */
  const refused = Object.fromEntries(
    Object.entries(save.isError ? fieldErrors(save.error) : {}).map(([key, finding]) => [
      key,
      words.invalid.byEngine(finding),
    ]),
  );
  const problems = { ...refused, ...review.problems };

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (Object.keys(review.problems).length > 0 || save.isPending) return;
    setSavedOnce(false);
    save.mutate(review.patch);
  }

  function edit(changes: Readonly<Record<string, Typed | undefined>>): void {
    if (!save.isPending) save.reset();
    const entries = Object.entries({ ...draft, ...changes });
    onDraft(Object.fromEntries(entries.filter((entry): entry is [string, Typed] => entry[1] !== undefined)));
  }

  return (
    <form className={styles.form} onSubmit={submit} noValidate>
      <nav className={styles.groups} aria-label={words.settings.groups}>
        {PARTS.map(([id, title]) => (
          <a key={id} href={`#${id}`} className={styles.groupLink}>
            {title}
          </a>
        ))}
      </nav>
      <div className={styles.body}>
        <div className={styles.notices}>
          <RestartBanner needed={answer.restartNeeded} live={live} />
          {answer.problems.length > 0 && (
            <Notice tone="warning">
              {words.settings.problemsHeading}
              <ul className={styles.problems}>
                {answer.problems.map((problem) => (
                  <li key={problem}>{problem}</li>
                ))}
              </ul>
            </Notice>
          )}
          <span className="visuallyHidden" role="status">
            {savedOnce ? words.settings.saved : ''}
          </span>
        </div>
        {desktop === null ? (
          <ThisBrowser onLanguage={() => reloadKeeping(draft)} />
        ) : (
          <ThisComputer desktop={desktop} onLanguage={() => reloadKeeping(draft)} />
        )}
        {SETTING_GROUPS.map((group) => (
          <Group
            key={group}
            group={group}
            answer={answer}
            draft={draft}
            review={review}
            problems={problems}
            disabled={save.isPending}
            live={live}
            onEdit={edit}
          />
        ))}
        <SettingsFile live={live} />
        <p className={styles.file}>{words.settings.intro(answer.file)}</p>
        <SaveBar
          changes={review.changed.size}
          problems={Object.keys(review.problems).length}
          failure={save.isError ? failureWords(save.error) : null}
          saving={save.isPending}
          disabled={!live}
          onDiscard={() => {
            save.reset();
            onDraft({});
          }}
        />
      </div>
    </form>
  );
}

interface GroupProps {
  readonly group: SettingGroup;
  readonly answer: SettingsAnswer;
  readonly draft: Draft;
  readonly review: DraftReview;
  readonly problems: Readonly<Record<string, string>>;
  readonly disabled: boolean;
  readonly live: boolean;
  readonly onEdit: (changes: Readonly<Record<string, Typed | undefined>>) => void;
}

function Group({ group, answer, draft, review, problems, disabled, live, onEdit }: GroupProps) {
  const fields = SETTING_FIELDS.filter((field) => field.group === group);
  const advanced = fields.filter((field) => field.advanced);
  const effect = commonEffect(fields);
  const advancedTouched = advanced.some(({ key }) => review.changed.has(key) || problems[key] !== undefined);
  const rows = (shown: readonly SettingField[]) =>
    shown.map((field) => (
      <SettingRow
        key={field.key}
        field={field}
        answer={answer}
        typed={draft[field.key]}
        problem={problems[field.key]}
        changed={review.changed.has(field.key)}
        disabled={disabled}
        tellsEffect={effect === null}
        onType={(typed) => onEdit({ [field.key]: typed })}
      />
    ));
  return (
    <SettingsGroup
      id={group}
      title={words.settings.group[group]}
      note={effect === null ? null : words.settings.groupTakesEffect[effect]}
    >
      {group === 'installation' && (
        <FoundInstallations
          folder={String(draft['installation.folder'] ?? answer.settings.installation.folder ?? '')}
          disabled={disabled}
          onUse={(installation) => onEdit(placeEdits(installation))}
        />
      )}
      {group === 'api' && <TokenPanel live={live} />}
      {rows(fields.filter((field) => !field.advanced))}
      {advanced.length > 0 && (
        <details className={styles.advanced} open={advancedTouched || undefined}>
          <summary className={styles.summary}>
            {group === 'installation' ? words.settings.advancedOf.installation : words.settings.advancedOf.network}
          </summary>
          {rows(advanced)}
        </details>
      )}
    </SettingsGroup>
  );
}

/** When all fields of a group take effect at the same moment, it is said once; null when they differ or need nothing. */
function commonEffect(fields: readonly SettingField[]): TakesEffect | null {
  const effect = fields[0]?.takesEffect;
  return effect !== undefined && effect !== 'now' && fields.every((field) => field.takesEffect === effect)
    ? effect
    : null;
}

function placeEdits({ folder, python }: Installation): Readonly<Record<string, Typed | undefined>> {
  return { 'installation.folder': folder, 'installation.python': python ?? '' };
}

/** The field that was refused may be far from the button that saved it. */
function showField(key: string | undefined): void {
  const control = key === undefined ? null : document.getElementById(`setting-${key}`);
  control?.scrollIntoView({ block: 'center' });
  control?.focus({ preventScroll: true });
}

function useWarnBeforeLeaving(unsaved: boolean): void {
  useEffect(() => {
    if (!unsaved) return undefined;
    const warn = (event: BeforeUnloadEvent) => {
      if (!isReloading()) event.preventDefault();
    };
    window.addEventListener('beforeunload', warn);
    return () => window.removeEventListener('beforeunload', warn);
  }, [unsaved]);
}
