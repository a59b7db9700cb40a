/** What happened lately, newest first: the page's memory for someone who was away. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { CircleAlert, TriangleAlert } from 'lucide-react';
import { useState } from 'react';
import type { Happening } from '../../contract/events.ts';
import { useNow } from '../hooks/live.tsx';
import { formatMoment } from '../lib/format.ts';
import { keyOf } from '../lib/happening-list.ts';
import { keys, loadHappenings } from '../live-cache.ts';
import { engineLanguage, words } from '../words.ts';
import { Button } from './Button.tsx';
import styles from './HappeningsSection.module.css';
import { EmptyNote, Section } from './Section.tsx';

const SHOWN = 8;

export function HappeningsSection() {
  const cache = useQueryClient();
  const [all, setAll] = useState(false);
  const { data, isError } = useQuery({ queryKey: keys.happenings, queryFn: () => loadHappenings(cache) });
  const shown = data === undefined ? [] : all ? data : data.slice(0, SHOWN);
  return (
    <Section title={words.happenings.heading}>
      {data === undefined && <EmptyNote>{isError ? words.happenings.failed : words.loading}</EmptyNote>}
      {data?.length === 0 && <EmptyNote>{words.happenings.empty}</EmptyNote>}
      <ol className={styles.list}>
        {shown.map((happening) => (
          <HappeningLine key={keyOf(happening)} happening={happening} />
        ))}
      </ol>
      {data !== undefined && data.length > SHOWN && (
        <Button weight="quiet" className={styles.more} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? words.happenings.showFewer : words.happenings.showAll(data.length)}
        </Button>
      )}
    </Section>
  );
}

function HappeningLine({ happening }: { happening: Happening }) {
  const Icon = happening.level === 'error' ? CircleAlert : happening.level === 'warning' ? TriangleAlert : null;
  return (
    <li className={styles.line}>
      <HappeningTime at={happening.at} />
      <span className={styles.message}>
        {Icon !== null && (
          <>
            <Icon className={styles.icon} data-level={happening.level} aria-hidden />
            <span className="visuallyHidden">{words.happenings.level[happening.level]}: </span>
          </>
        )}
        <span lang={engineLanguage}>{happening.message}</span>
      </span>
    </li>
  );
}

function HappeningTime({ at }: { at: number }) {
  return (
    <time className={styles.time} dateTime={new Date(at).toISOString()}>
      {formatMoment(at, useNow())}
    </time>
  );
}
