/** Whether anybody can see this page: a hidden tab asks for less. */
import { useSyncExternalStore } from 'react';

function subscribe(listener: () => void): () => void {
  document.addEventListener('visibilitychange', listener);
  return () => document.removeEventListener('visibilitychange', listener);
}

export const usePageVisible = (): boolean => useSyncExternalStore(subscribe, () => !document.hidden);
