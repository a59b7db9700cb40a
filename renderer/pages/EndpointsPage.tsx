import { EmptyNote } from '../components/Section.tsx';
import { words } from '../words.ts';

export function EndpointsPage() {
  return (
    <>
      <h1 tabIndex={-1}>{words.page.endpoints}</h1>
      <EmptyNote>{words.loading}</EmptyNote>
    </>
  );
}
