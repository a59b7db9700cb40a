/** The top line: whose page this is, the pages, and how ComfyUI is. On a narrow page the minor pages are in a menu. */
import { Menu as MenuIcon } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import type { Status } from '../../contract/status.ts';
import type { Page } from '../../strings/vocabulary.ts';
import { navigate, PageLink } from '../hooks/navigation.tsx';
import { flameOf } from '../lib/flame.ts';
import { headlineOf } from '../lib/headline.ts';
import { moodOf } from '../lib/mood.ts';
import { PAGE_GROUPS, type PlainPage } from '../lib/route.ts';
import { words } from '../words.ts';
import styles from './AppHeader.module.css';
import { Flame } from './Flame.tsx';
import menuStyles from './Menu.module.css';

const [MAIN, MINOR] = PAGE_GROUPS;

/** @param status undefined while it is not known */
export function AppHeader({ page, status }: { page: Page | null; status: Status | undefined }) {
  const mood = status === undefined ? 'unknown' : moodOf(status);
  // A job is a line of the queue.
  const current = page === 'job' ? 'queue' : page;
  return (
    <header className={styles.header}>
      <div className={styles.inner}>
        <PageLink page="overview" className={styles.brand}>
          <Flame look={flameOf(mood)} height={22} />
          <span className={styles.product}>{words.product}</span>
        </PageLink>
        <nav className={styles.nav} aria-label={words.pages}>
          {MAIN.map((each) => (
            <HeaderLink key={each} page={each} current={current} />
          ))}
          {MINOR.map((each) => (
            <HeaderLink key={each} page={each} current={current} minor />
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
        <MinorPages current={current} />
      </div>
    </header>
  );
}

function HeaderLink({ page, current, minor = false }: { page: PlainPage; current: Page | null; minor?: boolean }) {
  return (
    <PageLink
      page={page}
      className={styles.link}
      data-minor={minor || undefined}
      aria-current={page === current ? 'page' : undefined}
    >
      {words.page[page]}
    </PageLink>
  );
}

/** Instead of their links where those find no room. */
function MinorPages({ current }: { current: Page | null }) {
  const here = MINOR.find((each) => each === current);
  const label = here === undefined ? words.morePages : `${words.page[here]}: ${words.morePages}`;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={styles.more} aria-label={label} title={words.morePages}>
        {here !== undefined && <span className={styles.here}>{words.page[here]}</span>}
        <MenuIcon aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className={menuStyles.menu} align="end" sideOffset={4} collisionPadding={12}>
          {MINOR.map((each) => (
            <DropdownMenu.Item key={each} className={menuStyles.item} onSelect={() => navigate(each)}>
              {words.page[each]}
            </DropdownMenu.Item>
          ))}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
