/** A router of the size this page needs: a few addresses, the browser's own history, links that stay links. */
import { type ComponentProps, type MouseEvent, useSyncExternalStore } from 'react';
import type { Page } from '../../strings/vocabulary.ts';
import { jobPathOf, type PlainPage, pageOf, pathOf } from '../lib/route.ts';

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
const currentSearch = (): string => window.location.search;

export const usePath = (): string => useSyncExternalStore(subscribe, currentPath);
/** What follows the path, `?` included: a page keeps there what a reload or *back* must find again. */
export const useSearch = (): string => useSyncExternalStore(subscribe, currentSearch);

/** Null for an address without a page. */
export function usePage(): Page | null {
  return pageOf(usePath());
}

export function navigate(page: PlainPage): void {
  goTo(pathOf(page));
}

function goTo(address: string): void {
  if (currentPath() + currentSearch() === address) return;
  window.history.pushState(null, '', address);
  window.dispatchEvent(new Event(NAVIGATED));
  window.scrollTo(0, 0);
}

/** Writes it down in the address of the page one is on, without a step in the history. */
export function replaceSearch(search: string): void {
  window.history.replaceState(null, '', currentPath() + search);
  window.dispatchEvent(new Event(NAVIGATED));
}

type LinkProps = Omit<ComponentProps<'a'>, 'href' | 'onClick'>;

/** A link to a page of the dashboard; with a modifier key or another button it is the browser's. */
export function PageLink({ page, search = '', ...rest }: { page: PlainPage; search?: string } & LinkProps) {
  return <LocalLink {...rest} address={pathOf(page) + search} />;
}

export function JobLink({ id, ...rest }: { id: string } & LinkProps) {
  return <LocalLink {...rest} address={jobPathOf(id)} />;
}

function LocalLink({ address, ...rest }: { address: string } & LinkProps) {
  function follow(event: MouseEvent<HTMLAnchorElement>): void {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    goTo(address);
  }
  return <a {...rest} href={address} onClick={follow} />;
}
