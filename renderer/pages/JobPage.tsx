import { EmptyNote } from '../components/Section.tsx';
import { words } from '../words.ts';

export function JobPage() {
  return (
    <>
      <h1 tabIndex={-1}>{words.page.job}</h1>
      <EmptyNote>{words.loading}</EmptyNote>
    </>
  );
}
