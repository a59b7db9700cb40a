/** What is known of a picture, and what can be done with it. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Download, FolderOpen, ListVideo, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { GalleryItem } from '../../../contract/gallery.ts';
import { fetchWorkflow } from '../../api.ts';
import { desktop } from '../../desktop.ts';
import { JobLink } from '../../hooks/navigation.tsx';
import { failureWords } from '../../lib/engine-sentences.ts';
import { formatCount, formatDateTime, formatFileSize } from '../../lib/format.ts';
import { mediaAddress } from '../../lib/gallery-view.ts';
import { keys } from '../../live-cache.ts';
import { words } from '../../words.ts';
import { Button, buttonClass } from '../Button.tsx';
import { CopyButton } from '../CopyButton.tsx';
import { Notice } from '../Notice.tsx';
import { Question } from '../Question.tsx';
import styles from './PictureFacts.module.css';

export function PictureFacts({ item, onGone }: { item: GalleryItem; onGone: () => void }) {
  const told = words.gallery.viewer;
  const { name, subfolder, bytes, modifiedAt, width, height, madeAt, jobId } = item;
  const facts: readonly (readonly [string, string])[] = [
    ...(width === null || height === null
      ? []
      : [[told.pixels, told.size(formatCount(width), formatCount(height))] as const]),
    [told.fileSize, formatFileSize(bytes)],
    [told.saved, formatDateTime(modifiedAt)],
    ...(subfolder === '' ? [] : [[told.folder, subfolder] as const]),
    [told.made, madeAt === 'remote' ? told.madeRemote : told.madeLocal],
  ];
  return (
    <div className={styles.facts}>
      <h2 className={styles.name}>{name}</h2>
      <dl className={styles.list}>
        {facts.map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className={styles.deeds}>
        {item.kind === 'image' && (
          <CopyButton
            key={item.id}
            weight="plain"
            label={told.copyWorkflow}
            text={async () => {
              const { workflow, prompt } = await fetchWorkflow(item.id);
              return workflow ?? prompt ?? '';
            }}
            whyFailed={(error) => (error instanceof Error ? failureWords(error) : words.copyFailed)}
          />
        )}
        <a className={buttonClass('plain')} href={mediaAddress(item, 'file')} download={name}>
          <Download aria-hidden />
          {told.download}
        </a>
        {jobId !== null && (
          <JobLink id={jobId} className={buttonClass('plain')}>
            <ListVideo aria-hidden />
            {told.openJob}
          </JobLink>
        )}
        {desktop !== null && <DesktopDeeds item={item} onGone={onGone} />}
      </div>
    </div>
  );
}

/** What a browser cannot do. */
function DesktopDeeds({ item: { id, name }, onGone }: { item: GalleryItem; onGone: () => void }) {
  const told = words.gallery;
  const cache = useQueryClient();
  const [asking, setAsking] = useState(false);
  const reveal = useMutation({ mutationFn: async () => desktop?.ask('revealGalleryFile', { id }) });
  const trash = useMutation({
    mutationFn: async () => desktop?.ask('trashGalleryFile', { id }),
    async onSuccess() {
      setAsking(false);
      onGone();
      await cache.invalidateQueries({ queryKey: keys.anyGallery });
    },
  });
  return (
    <>
      <Button icon={<FolderOpen aria-hidden />} onClick={() => reveal.mutate()}>
        {told.viewer.reveal}
      </Button>
      <Button weight="quiet" icon={<Trash2 aria-hidden />} onClick={() => setAsking(true)}>
        {told.viewer.trash}
      </Button>
      {reveal.error !== null && (
        <Notice tone="danger" role="alert">
          {failureWords(reveal.error)}
        </Notice>
      )}
      {asking && (
        <Question
          title={told.trashing.title(name)}
          explanation={told.trashing.explanation}
          no={told.trashing.keep}
          yes={told.trashing.trash}
          busy={trash.isPending}
          error={trash.error}
          onNo={() => setAsking(false)}
          onYes={() => trash.mutate()}
        />
      )}
    </>
  );
}
