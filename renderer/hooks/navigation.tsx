/** A router of the size this page needs: four addresses, the browser's own history, links that stay links. */
import { type ComponentProps, type MouseEvent, useSyncExternalStore } from 'react';
import type { Page } from '../../strings/vocabulary.ts';
import { pageOf, pathOf } from '../lib/route.ts';

const NAVIGATED = 'stoker:navigated';

function subscribe(listener: () => void): () => void {
  window.addEventListener('popstate', listener);
  window.addEventListener(NAVIGATED, listener);
  return () => {
    window.removeEventListener('popstate', listener);
    window.removeEventListener(NAVIGATED, listener);
  };
}

const currentPath = (): string => window.location.pathname;

/** Null for an address without a page. */
export function usePage(): Page | null {
  return pageOf(useSyncExternalStore(subscribe, currentPath));
}

export function navigate(page: Page): void {
  if (pageOf(currentPath()) === page) return;
  window.history.pushState(null, '', pathOf(page));
  window.dispatchEvent(new Event(NAVIGATED));
  window.scrollTo(0, 0);
}

/** A link to a page of the dashboard; with a modifier key or another button it is the browser's. */
export function PageLink({ page, ...rest }: { page: Page } & Omit<ComponentProps<'a'>, 'href' | 'onClick'>) {
  function follow(event: MouseEvent<HTMLAnchorElement>): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    navigate(page);
  }
  return <a {...rest} href={pathOf(page)} onClick={follow} />;
}
