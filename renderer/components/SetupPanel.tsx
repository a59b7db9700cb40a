/** The first run: choose a ComfyUI found on this computer, or say where it is. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { RadioGroup } from 'radix-ui';
import { type FormEvent, useState } from 'react';
import type { Installation } from '../../contract/doctor.ts';
import { words } from '../../strings/en/dashboard.ts';
import { fetchInstallations, patchSettings } from '../api.ts';
import { PageLink } from '../hooks/navigation.tsx';
import { flameOf } from '../lib/flame.ts';
import { keys } from '../live-cache.ts';
import { Button } from './Button.tsx';
import { Flame } from './Flame.tsx';
import { Notice } from './Notice.tsx';
import { EmptyNote } from './Section.tsx';
import styles from './SetupPanel.module.css';

type Place = { readonly folder: string; readonly python?: string };

export function SetupPanel({ live }: { live: boolean }) {
  const cache = useQueryClient();
  const [chosen, setChosen] = useState('');
  const [typed, setTyped] = useState('');
  const [untouched, setUntouched] = useState(false);
  const found = useQuery({ queryKey: keys.installations, queryFn: fetchInstallations });
  const use = useMutation({
    mutationFn: (place: Place) => patchSettings({ installation: place }),
    onSuccess: (answer) => cache.setQueryData(keys.settings, answer),
  });
  const folder = typed.trim();

  function submit(event: FormEvent): void {
    event.preventDefault();
    if (use.isPending) return;
    const installation = found.data?.find((each) => each.folder === chosen);
    const place = folder === '' ? installation && placeOf(installation) : { folder };
    setUntouched(place === undefined);
    if (place !== undefined) use.mutate(place);
  }

  return (
    <section className={styles.setup} aria-labelledby="setup">
      <div className={styles.head}>
        <Flame look={flameOf('unconfigured')} height={56} />
        <div>
          <h1 id="setup" className={styles.title} tabIndex={-1}>
            {words.setup.heading}
          </h1>
          <p className={styles.intro}>{words.setup.intro}</p>
        </div>
      </div>
      <form className={styles.form} onSubmit={submit} noValidate>
        <div>
          <h2 className={styles.label} id="found">
            {words.setup.found}
          </h2>
          {found.isPending && <EmptyNote>{words.setup.searching}</EmptyNote>}
          {(found.isError || found.data?.length === 0) && <EmptyNote>{words.setup.noneFound}</EmptyNote>}
          {found.data !== undefined && found.data.length > 0 && (
            <RadioGroup.Root
              className={styles.choices}
              aria-labelledby="found"
              value={folder === '' ? chosen : ''}
              onValueChange={(value) => {
                setChosen(value);
                setTyped('');
              }}
            >
              {found.data.map((installation) => (
                <InstallationChoice key={installation.folder} installation={installation} />
              ))}
            </RadioGroup.Root>
          )}
        </div>
        <div>
          <label className={styles.label} htmlFor="folder">
            {words.setup.enter}
          </label>
          <input
            id="folder"
            className={styles.input}
            value={typed}
            placeholder={words.setup.folderExample}
            spellCheck={false}
            autoComplete="off"
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        {untouched && (
          <Notice tone="warning" role="alert">
            {words.setup.chooseOne}
          </Notice>
        )}
        {use.isError && (
          <Notice tone="danger" role="alert">
            {use.error.message}
          </Notice>
        )}
        <div className={styles.actions}>
          <Button type="submit" weight="primary" disabled={!live} busy={use.isPending}>
            {use.isPending ? words.setup.saving : words.setup.use}
          </Button>
          <PageLink page="settings">{words.setup.moreSettings}</PageLink>
        </div>
      </form>
      <p className={styles.demo}>
        {words.setup.demoHint} <code>{words.setup.demoCommand}</code>
      </p>
    </section>
  );
}

function InstallationChoice({ installation }: { installation: Installation }) {
  const { folder, kind, version, python, note } = installation;
  const details = [
    words.setup.kind[kind],
    version === null ? null : words.facts.comfyui(version),
    python === null ? words.setup.noPython : words.setup.python(python),
  ].filter((detail) => detail !== null);
  return (
    <RadioGroup.Item value={folder} className={styles.choice}>
      <span className={styles.dot} aria-hidden="true" />
      <span className={styles.folder}>{folder}</span>
      <span className={styles.details}>{details.join(' · ')}</span>
      {note !== null && <span className={styles.details}>{note}</span>}
    </RadioGroup.Item>
  );
}

function placeOf({ folder, python }: Installation): Place {
  return python === null ? { folder } : { folder, python };
}
