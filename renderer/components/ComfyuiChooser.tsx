/** Which ComfyUI: one found on this computer, or a folder. Saves the choice and says so; shared by the overview of a first run and the guide. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { Installation } from '../../contract/doctor.ts';
import { fetchInstallations, patchSettings } from '../api.ts';
import { failureWords } from '../lib/engine-sentences.ts';
import { keys } from '../live-cache.ts';
import { words } from '../words.ts';
import { BrowseButton } from './BrowseButton.tsx';
import { Button } from './Button.tsx';
import { ChoiceList, type ListedChoice } from './ChoiceList.tsx';
import styles from './ComfyuiChooser.module.css';
import { Notice } from './Notice.tsx';
import { EmptyNote } from './Section.tsx';

type Place = { readonly folder: string; readonly python?: string };

export function ComfyuiChooser({
  live,
  submit,
  current = '',
  optional = false,
  onUsed,
  beside,
}: {
  live: boolean;
  /** What the button says. */
  submit: string;
  /** The folder in use, chosen from the beginning. */
  current?: string;
  /** Choosing nothing, or what is in use already, is an answer too. */
  optional?: boolean;
  onUsed?: () => void;
  /** Beside the button. */
  beside: ReactNode;
}) {
  const cache = useQueryClient();
  const [chosen, setChosen] = useState(current);
  const [typed, setTyped] = useState('');
  const [untouched, setUntouched] = useState(false);
  const found = useQuery({ queryKey: keys.installations, queryFn: fetchInstallations });
  const use = useMutation({
    mutationFn: (place: Place) => patchSettings({ installation: place }),
    onSuccess(answer) {
      cache.setQueryData(keys.settings, answer);
      onUsed?.();
    },
  });
  const folder = typed.trim();

  function submitted(event: FormEvent): void {
    event.preventDefault();
    if (use.isPending) return;
    const installation = found.data?.find((each) => each.folder === chosen);
    const place = folder === '' ? installation && placeOf(installation) : { folder };
    const isAnswered = optional && (place === undefined || place.folder === current);
    setUntouched(place === undefined && !isAnswered);
    if (isAnswered) onUsed?.();
    else if (place !== undefined) use.mutate(place);
  }

  return (
    <form className={styles.form} onSubmit={submitted} noValidate>
      <div>
        <h2 className={styles.label} id="found">
          {words.setup.found}
        </h2>
        {found.isPending && <EmptyNote>{words.setup.searching}</EmptyNote>}
        {(found.isError || found.data?.length === 0) && <EmptyNote>{words.setup.noneFound}</EmptyNote>}
        {found.data !== undefined && found.data.length > 0 && (
          <ChoiceList
            labelledBy="found"
            choices={found.data.map(choiceOf)}
            value={folder === '' ? chosen : ''}
            onChange={(value) => {
              setChosen(value);
              setTyped('');
            }}
          />
        )}
      </div>
      <div>
        <label className={styles.label} htmlFor="folder">
          {words.setup.enter}
        </label>
        <div className={styles.line}>
          <input
            id="folder"
            className={styles.input}
            value={typed}
            placeholder={words.setup.folderExample}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
          <BrowseButton title={words.setup.chooseTitle} at={folder} onChoose={setTyped} />
        </div>
      </div>
      {untouched && (
        <Notice tone="warning" role="alert">
          {words.setup.chooseOne}
        </Notice>
      )}
      {use.isError && (
        <Notice tone="danger" role="alert">
          {failureWords(use.error)}
        </Notice>
      )}
      <div className={styles.actions}>
        <Button type="submit" weight="primary" disabled={!live} busy={use.isPending}>
          {use.isPending ? words.setup.saving : submit}
        </Button>
        {beside}
      </div>
    </form>
  );
}

function choiceOf({ folder, kind, version, python, note }: Installation): ListedChoice {
  const facts = [
    words.setup.kind[kind],
    version === null ? null : words.facts.comfyui(version),
    python === null ? words.setup.noPython : words.setup.python(python),
  ].filter((fact) => fact !== null);
  return { value: folder, label: folder, details: [facts.join(' · '), ...(note === null ? [] : [note])] };
}

function placeOf({ folder, python }: Installation): Place {
  return python === null ? { folder } : { folder, python };
}
