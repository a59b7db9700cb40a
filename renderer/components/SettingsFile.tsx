/** All settings as a file without secrets: out as a download, in after a look at what would change. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ChangeEvent, useRef, useState } from 'react';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type SettingsFile as File, SettingsFileSchema } from '../../contract/settings-file.ts';
import { importSettings, previewImport } from '../api.ts';
import { failureWords } from '../lib/engine-sentences.ts';
import { keys } from '../live-cache.ts';
import { words } from '../words.ts';
import { Button, buttonClass } from './Button.tsx';
import { ImportPreview } from './ImportPreview.tsx';
import { Row, RowProblem } from './Row.tsx';
import { SettingsGroup } from './SettingsGroup.tsx';

const told = words.settingsFile;

export function SettingsFile({ live }: { live: boolean }) {
  const cache = useQueryClient();
  const picker = useRef<HTMLInputElement>(null);
  const [opened, setOpened] = useState<{ readonly name: string; readonly file: File } | null>(null);
  const preview = useMutation({
    mutationFn: async (chosen: globalThis.File) => {
      const file = readFile(await chosen.text());
      const answer = await previewImport(file);
      setOpened({ name: chosen.name, file });
      return answer;
    },
  });
  const apply = useMutation({
    mutationFn: (file: File) => importSettings(file),
    async onSuccess() {
      await cache.invalidateQueries({ queryKey: keys.settings });
      setOpened(null);
    },
  });

  function chosen(event: ChangeEvent<HTMLInputElement>): void {
    const file = event.target.files?.[0];
    // The same file chosen again, after it was mended, must be news.
    event.target.value = '';
    if (file === undefined) return;
    apply.reset();
    preview.mutate(file);
  }

  return (
    <SettingsGroup id="file" title={told.heading} note={null}>
      <Row title={told.exportTitle} hint={told.exportHint}>
        <a className={buttonClass('plain')} href={MANAGER_ROUTES.settingsExport} download="stoker-settings.json">
          {told.exportButton}
        </a>
      </Row>
      <Row
        title={told.importTitle}
        hint={told.importHint}
        below={
          preview.isError ? (
            <RowProblem>{failureWords(preview.error)}</RowProblem>
          ) : (
            <p role="status">{apply.isSuccess ? told.done : ''}</p>
          )
        }
      >
        <Button disabled={!live} busy={preview.isPending} onClick={() => picker.current?.click()}>
          {told.importButton}
        </Button>
        <input ref={picker} type="file" accept=".json,application/json" hidden onChange={chosen} />
      </Row>
      {opened !== null && preview.data !== undefined && (
        <ImportPreview
          fileName={opened.name}
          answer={preview.data}
          applying={apply.isPending}
          failure={apply.error === null ? null : failureWords(apply.error)}
          onApply={() => apply.mutate(opened.file)}
          onClose={() => setOpened(null)}
        />
      )}
    </SettingsGroup>
  );
}

/** Throws in words for a person: what else the engine knows of it, it says itself. */
function readFile(text: string): File {
  try {
    return SettingsFileSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new Error(told.notSettings, { cause });
  }
}
