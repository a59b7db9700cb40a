/** The top line: whose page this is, the four pages, and on every page how ComfyUI is. */
import type { Status } from '../../contract/status.ts';
import type { Page } from '../../strings/vocabulary.ts';
import { PageLink } from '../hooks/navigation.tsx';
import { flameOf } from '../lib/flame.ts';
import { headlineOf } from '../lib/headline.ts';
import { moodOf } from '../lib/mood.ts';
import { PAGES } from '../lib/route.ts';
import { words } from '../words.ts';
import styles from './AppHeader.module.css';
import { Flame } from './Flame.tsx';

/** @param status undefined while it is not known */
export function AppHeader({ page, status }: { page: Page | null; status: Status | undefined }) {
  const mood = status === undefined ? 'unknown' : moodOf(status);
  return (
    <header className={styles.header}>
      <div className={styles.inner}>
        <PageLink page="overview" className={styles.brand}>
          <Flame look={flameOf(mood)} height={22} />
          <span className={styles.product}>{words.product}</span>
        </PageLink>
        <nav className={styles.nav} aria-label={words.pages}>
          {PAGES.map((each) => (
            <PageLink key={each} page={each} className={styles.link} aria-current={each === page ? 'page' : undefined}>
              {words.page[each]}
            </PageLink>
          ))}
        </nav>
        {status?.engine.demo === true && (
          <span className={styles.demo} title={words.demoHint}>
            {words.demo}
          </span>
        )}
        {page !== 'overview' && status !== undefined && (
          <span className={styles.state}>{words.headerState(headlineOf(status))}</span>
        )}
      </div>
    </header>
  );
}
