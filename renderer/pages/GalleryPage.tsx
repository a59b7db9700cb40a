/** What ComfyUI has saved, newest first: search, filter, look, compare. */
import { Columns2 } from 'lucide-react';
import { useCallback, useDeferredValue, useState } from 'react';
import type { MadeAt } from '../../contract/gallery.ts';
import { Button } from '../components/Button.tsx';
import { CompareView } from '../components/gallery/CompareView.tsx';
import { GalleryGrid } from '../components/gallery/GalleryGrid.tsx';
import { PictureViewer } from '../components/gallery/PictureViewer.tsx';
import { Notice } from '../components/Notice.tsx';
import { SearchBox } from '../components/SearchBox.tsx';
import { EmptyNote } from '../components/Section.tsx';
import { ToggleGroup } from '../components/ToggleGroup.tsx';
import { type GalleryPages, useGalleryPages } from '../hooks/gallery-pages.ts';
import { ApiError } from '../lib/api-error.ts';
import { errorText } from '../lib/engine-sentences.ts';
import { chosenWith } from '../lib/gallery-view.ts';
import { words } from '../words.ts';
import styles from './GalleryPage.module.css';

const CHOICES = (['all', 'local', 'remote'] as const).map((value) => ({
  value,
  label: words.gallery.madeAtChoices[value],
}));

export function GalleryPage() {
  const [search, setSearch] = useState('');
  const [madeAt, setMadeAt] = useState<MadeAt | 'all'>('all');
  const pages = useGalleryPages(useDeferredValue(search.trim()), madeAt);
  const { items, total, reach } = pages;
  const [current, setCurrent] = useState(0);
  const [isOpen, setIsOpen] = useState(false);
  /** Null while a press opens. */
  const [chosen, setChosen] = useState<readonly string[] | null>(null);
  const place = Math.min(current, Math.max(0, total - 1));
  const item = items[place];
  const [left, right] = (chosen ?? []).map((id) => items.find((each) => each.id === id));

  function press(index: number): void {
    setCurrent(index);
    const id = items[index]?.id;
    if (chosen === null) setIsOpen(true);
    else if (id !== undefined) setChosen(chosenWith(chosen, id));
  }
  const look = useCallback(
    (index: number) => {
      setCurrent(index);
      reach(index + 1);
    },
    [reach],
  );

  return (
    <div className={styles.page}>
      <h1 className="visuallyHidden" tabIndex={-1}>
        {words.gallery.heading}
      </h1>
      <div className={styles.tools}>
        <SearchBox value={search} label={words.gallery.search} clear={words.gallery.clear} onChange={setSearch} />
        <ToggleGroup label={words.gallery.madeAt} choices={CHOICES} value={madeAt} onChange={setMadeAt} />
        <span className={styles.count} role="status">
          {pages.folder === null ? '' : words.gallery.count(total)}
        </span>
        {(total > 1 || chosen !== null) && (
          <Button
            icon={<Columns2 aria-hidden />}
            aria-pressed={chosen !== null}
            onClick={() => setChosen(chosen === null ? [] : null)}
          >
            {words.gallery.compare}
          </Button>
        )}
      </div>
      {chosen !== null && (
        <p className={styles.choosing} role="status">
          {words.gallery.compareTwo(chosen.length)}
        </p>
      )}
      {total > 0 && pages.error === null ? (
        <GalleryGrid
          items={items}
          total={total}
          chosen={chosen}
          current={place}
          onCurrent={setCurrent}
          onPress={press}
          onReach={reach}
        />
      ) : (
        <Nothing pages={pages} isFiltered={search.trim() !== '' || madeAt !== 'all'} />
      )}
      {isOpen && item !== undefined && (
        <PictureViewer
          item={item}
          index={place}
          total={total}
          beside={[items[place + 1], items[place - 1]]}
          onMove={look}
          onClose={() => setIsOpen(false)}
        />
      )}
      {left !== undefined && right !== undefined && <CompareView pair={[left, right]} onClose={() => setChosen([])} />}
    </div>
  );
}

/** Why there is no picture to see. */
function Nothing({
  pages: { error, isPending, folder, retry },
  isFiltered,
}: {
  pages: GalleryPages;
  isFiltered: boolean;
}) {
  const told = words.gallery;
  if (error !== null) {
    const { message, next } =
      error instanceof ApiError && error.kind === 'stoker'
        ? errorText(error.code, error.message, error.next)
        : { message: error.message, next: null };
    return (
      <Notice tone="danger" role="alert" actions={<Button onClick={retry}>{told.retry}</Button>}>
        {told.failed} {message} {next}
      </Notice>
    );
  }
  if (isPending || folder === null) return <EmptyNote>{words.loading}</EmptyNote>;
  if (isFiltered) return <EmptyNote>{told.noMatch}</EmptyNote>;
  return (
    <div className={styles.empty}>
      <h2>{told.empty.heading}</h2>
      <p>{told.empty.text(folder)}</p>
    </div>
  );
}
