import { EmptyNote } from '../components/Section.tsx';
import { words } from '../words.ts';

export function GalleryPage() {
  return (
    <>
      <h1 tabIndex={-1}>{words.page.gallery}</h1>
      <EmptyNote>{words.loading}</EmptyNote>
    </>
  );
}
