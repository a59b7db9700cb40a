/** What ComfyUI prints, live: search, filter, follow, copy. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { ArrowDownToLine } from 'lucide-react';
import { useDeferredValue, useMemo, useState } from 'react';
import type { LogLine } from '../../contract/events.ts';
import { Button } from '../components/Button.tsx';
import { CopyButton } from '../components/CopyButton.tsx';
import { LogView } from '../components/LogView.tsx';
import { SearchBox } from '../components/SearchBox.tsx';
import { EmptyNote } from '../components/Section.tsx';
import { ToggleGroup } from '../components/ToggleGroup.tsx';
import { filterLogLines, type LevelFilter } from '../lib/log-lines.ts';
import { keys, loadLog } from '../live-cache.ts';
import { words } from '../words.ts';
import styles from './LogPage.module.css';

const LEVELS = (['all', 'warning', 'error'] as const).map((value) => ({ value, label: words.log.levels[value] }));
const NO_LINES: readonly LogLine[] = [];

export function LogPage() {
  const cache = useQueryClient();
  const [search, setSearch] = useState('');
  const [level, setLevel] = useState<LevelFilter>('all');
  const [follow, setFollow] = useState(true);
  const log = useQuery({ queryKey: keys.log, queryFn: () => loadLog(cache) });
  const all = log.data?.lines ?? NO_LINES;
  // Typing stays quick while ten thousand lines are searched.
  const wanted = useDeferredValue(search.trim());
  const lines = useMemo(() => filterLogLines(all, { level, search: wanted }), [all, level, wanted]);
  /** The newest line when following stopped, to say how many came since. */
  const [pausedAt, setPausedAt] = useState(0);

  function changeFollow(wish: boolean): void {
    if (wish === follow) return;
    setFollow(wish);
    setPausedAt(all.at(-1)?.sequence ?? 0);
  }
  const newLines = follow ? 0 : lines.filter((line) => line.sequence > pausedAt).length;

  return (
    <div className={styles.page}>
      <h1 className="visuallyHidden" tabIndex={-1}>
        {words.log.heading}
      </h1>
      <div className={styles.tools}>
        <SearchBox value={search} label={words.log.search} clear={words.log.clear} onChange={setSearch} />
        <ToggleGroup label={words.log.level} choices={LEVELS} value={level} onChange={setLevel} />
        <span className={styles.count} role="status">
          {words.log.shown(lines.length, all.length)}
        </span>
        <CopyButton
          text={() => lines.map((line) => line.text).join('\n')}
          weight="plain"
          disabled={lines.length === 0}
        />
        <Button icon={<ArrowDownToLine aria-hidden />} aria-pressed={follow} onClick={() => changeFollow(!follow)}>
          {words.log.follow}
          {newLines > 0 && ` · ${words.log.newLines(newLines)}`}
        </Button>
      </div>
      {lines.length === 0 ? (
        <div className={styles.empty}>
          <EmptyNote>
            {log.isError
              ? words.log.failed
              : log.isPending
                ? words.loading
                : all.length === 0
                  ? words.log.empty
                  : words.log.noMatch}
          </EmptyNote>
        </div>
      ) : (
        <LogView lines={lines} search={wanted} follow={follow} onFollow={changeFollow} />
      )}
      {log.data?.file != null && (
        <p className={styles.file}>
          {words.log.file}: <code>{log.data.file}</code>
        </p>
      )}
    </div>
  );
}
