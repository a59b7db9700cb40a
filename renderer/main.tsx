/** Entry of the dashboard: one connection, one cache, one tree. */
import './zod-without-eval.ts';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { startAppearance } from './appearance.ts';
import { ActionsProvider } from './hooks/actions.tsx';
import { LiveProvider } from './hooks/live.tsx';
import { applyEvent, refetchMissed } from './live-cache.ts';
import { createLiveConnection } from './live-connection.ts';
import './styles/tokens.css';
import './styles/base.css';
import { language } from './words.ts';

const cache = new QueryClient({
  // The engine pushes what changes and reconnecting refetches: asking again at every focus would only load it.
  defaultOptions: {
    queries: { refetchOnWindowFocus: false, retry: 1, staleTime: 5000, gcTime: Number.POSITIVE_INFINITY },
  },
});
const connection = createLiveConnection({
  onOpened: () => refetchMissed(cache),
  onEvent: (name, payload) => applyEvent(cache, name, payload),
});
window.addEventListener('online', connection.retry);

document.documentElement.lang = language;
startAppearance();

const root = document.getElementById('root');
if (root === null) throw new Error('index.html has no #root');
createRoot(root).render(
  <QueryClientProvider client={cache}>
    <LiveProvider connection={connection}>
      <ActionsProvider>
        <App />
      </ActionsProvider>
    </LiveProvider>
  </QueryClientProvider>,
);
