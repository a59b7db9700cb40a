/** Which jobs the list shows: by words, state, target, tag. What is chosen stands in the address of the page. */
import { X } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { JobCounts } from '../../contract/jobs.ts';
import type { TargetStatus } from '../../contract/targets.ts';
import { formatCount } from '../lib/format.ts';
import type { JobFilter } from '../lib/job-group.ts';
import { targetWords } from '../lib/job-sentence.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import styles from './JobFilters.module.css';
import { SearchBox } from './SearchBox.tsx';
import { Select } from './Select.tsx';
import { ToggleGroup } from './ToggleGroup.tsx';

const STATES = ['running', 'queued', 'completed', 'failed', 'cancelled'] as const;
const ALL = 'all';
const SEARCH_REST_MS = 250;

export function JobFilters({
  filter,
  counts,
  targets,
  onChange,
}: {
  filter: JobFilter;
  counts: JobCounts | undefined;
  targets: readonly TargetStatus[];
  onChange: (change: Partial<JobFilter>) => void;
}) {
  const targetId = useId();
  const { tag } = filter;
  const [text, setText] = useTypedSearch(filter.search, (search) => onChange({ search }));
  return (
    <div className={styles.filters}>
      <SearchBox value={text} label={words.jobs.search} clear={words.jobs.clearSearch} onChange={setText} />
      <ToggleGroup
        label={words.jobs.stateShown}
        value={filter.state ?? ALL}
        choices={[
          { value: ALL, label: words.jobs.all },
          ...STATES.map((value) => ({ value, label: withCount(words.jobs.state[value], counts?.[value]) })),
        ]}
        onChange={(state) => onChange({ state: state === ALL ? null : state })}
      />
      {(targets.length > 0 || filter.target !== null) && (
        <>
          <label className="visuallyHidden" htmlFor={targetId}>
            {words.jobs.targetShown}
          </label>
          <Select
            id={targetId}
            value={filter.target ?? ''}
            choices={[
              ['', words.jobs.everywhere],
              ...targetNames(targets, filter.target).map((name) => [name, targetWords(name)] as const),
            ]}
            onChange={(target) => onChange({ target: target === '' ? null : target })}
          />
        </>
      )}
      {tag !== null && (
        <Button
          weight="plain"
          aria-label={words.jobs.dropTag(tag)}
          title={words.jobs.dropTag(tag)}
          onClick={() => onChange({ tag: null })}
        >
          {words.jobs.tagShown(tag)}
          <X aria-hidden />
        </Button>
      )}
    </div>
  );
}

/** Asked for when the typing rests; what is searched for otherwise, or cleared, is shown. */
function useTypedSearch(search: string, onRest: (search: string) => void): [string, (text: string) => void] {
  const [text, setText] = useState(search);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    setText((shown) => (shown.trim() === search ? shown : search));
  }, [search]);
  useEffect(() => () => clearTimeout(timer.current), []);
  return [
    text,
    (typed) => {
      setText(typed);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => onRest(typed.trim()), SEARCH_REST_MS);
    },
  ];
}

/** One that is gone can still be asked for: its jobs are there. */
function targetNames(targets: readonly TargetStatus[], chosen: string | null): readonly string[] {
  return [...new Set(['local', ...targets.map(({ name }) => name), ...(chosen === null ? [] : [chosen])])];
}

const withCount = (label: string, count: number | undefined): string =>
  count === undefined || count === 0 ? label : `${label} ${formatCount(count)}`;
