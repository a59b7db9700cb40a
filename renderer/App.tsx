/** Puts the page together: header, connection, the page of the address; tells title, tab icon and screen reader how ComfyUI is. */
import { useEffect, useRef, useState } from 'react';
import type { EventName } from '../contract/events.ts';
import type { Status } from '../contract/status.ts';
import type { Page } from '../strings/vocabulary.ts';
import styles from './App.module.css';
import { AppHeader } from './components/AppHeader.tsx';
import { ConnectionBanner } from './components/ConnectionBanner.tsx';
import { LoseWorkDialog } from './components/LoseWorkDialog.tsx';
import { ProblemNotice } from './components/ProblemNotice.tsx';
import { EmptyNote } from './components/Section.tsx';
import { useConnectionState, useLiveConnection, useStatus } from './hooks/live.tsx';
import { PageLink, usePage } from './hooks/navigation.tsx';
import { usePageVisible } from './hooks/page-visibility.ts';
import { useTabFace } from './hooks/tab-face.ts';
import { reasonOf } from './lib/engine-sentences.ts';
import { headlineOf, reasonUnder } from './lib/headline.ts';
import { lossWords } from './lib/loss-words.ts';
import type { Draft } from './lib/settings-draft.ts';
import { topicsFor } from './lib/topics.ts';
import { takeKeptDraft } from './page-reload.ts';
import { DoctorPage } from './pages/DoctorPage.tsx';
import { GalleryPage } from './pages/GalleryPage.tsx';
import { JobPage } from './pages/JobPage.tsx';
import { LockedPage } from './pages/LockedPage.tsx';
import { LogPage } from './pages/LogPage.tsx';
import { OverviewPage } from './pages/OverviewPage.tsx';
import { QueuePage } from './pages/QueuePage.tsx';
import { SettingsPage } from './pages/SettingsPage.tsx';
import { TargetsPage } from './pages/TargetsPage.tsx';
import { WelcomePage } from './pages/WelcomePage.tsx';
import { words } from './words.ts';

export function App() {
  const page = usePage();
  const status = useStatus();
  const connection = useConnectionState();
  const loss = lossWords(connection);
  const live = connection.kind === 'open';
  const [draft, setDraft] = useState<Draft>(takeKeptDraft);
  const main = useRef<HTMLElement>(null);

  useTopics(topicsFor(page, usePageVisible()));
  const locked = connection.kind === 'locked';
  const known = loss === null && !locked ? status : undefined;
  useTabFace(page, locked ? 'locked' : known);
  useFocusOnNavigation(page, main);

  return (
    <>
      <a className={styles.skip} href="#content">
        {words.skipToContent}
      </a>
      <AppHeader page={page} status={known} />
      <main ref={main} id="content" className={styles.main} data-lost={loss !== null || undefined}>
        <ConnectionBanner />
        <ProblemNotice />
        <div className={styles.content}>
          {locked ? (
            <LockedPage />
          ) : (
            <PageOf page={page} status={status} live={live} draft={draft} onDraft={setDraft} silent={loss !== null} />
          )}
        </div>
      </main>
      <LoseWorkDialog />
      <p className="visuallyHidden" role="status">
        {loss ??
          (status === undefined
            ? ''
            : words.stateAnnouncement(headlineOf(status), reasonUnder(headlineOf(status), reasonOf(status))))}
      </p>
    </>
  );
}

function PageOf({
  page,
  status,
  live,
  draft,
  onDraft,
  silent,
}: {
  page: Page | null;
  status: Status | undefined;
  live: boolean;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  /** The banner speaks already: no second word about waiting. */
  silent: boolean;
}) {
  switch (page) {
    case 'overview':
      if (status !== undefined) return <OverviewPage status={status} live={live} />;
      return silent ? null : <EmptyNote>{words.loading}</EmptyNote>;
    case 'queue':
      return <QueuePage />;
    case 'job':
      return <JobPage />;
    case 'gallery':
      return <GalleryPage />;
    case 'targets':
      return <TargetsPage status={status} live={live} />;
    case 'logs':
      return <LogPage />;
    case 'settings':
      return <SettingsPage draft={draft} onDraft={onDraft} live={live} />;
    case 'doctor':
      return <DoctorPage />;
    case 'welcome':
      return <WelcomePage status={status} live={live} />;
    case null:
      return (
        <>
          <h1 className={styles.missing} tabIndex={-1}>
            {words.noSuchPage(window.location.pathname)}
          </h1>
          <PageLink page="overview">{words.toOverview}</PageLink>
        </>
      );
  }
}

function useTopics(topics: readonly EventName[]): void {
  const connection = useLiveConnection();
  useEffect(() => connection.setTopics(topics), [connection, topics]);
}

/** After following a link a screen reader must hear the new page, and Tab must go on from its beginning. */
function useFocusOnNavigation(page: Page | null, main: { readonly current: HTMLElement | null }): void {
  const shown = useRef(page);
  useEffect(() => {
    if (shown.current === page) return;
    shown.current = page;
    main.current?.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [page, main]);
}
