import { EmptyNote } from '../components/Section.tsx';
import { words } from '../words.ts';

export function QueuePage() {
  return (
    <>
      <h1 tabIndex={-1}>{words.page.queue}</h1>
      <EmptyNote>{words.loading}</EmptyNote>
    </>
  );
}
