/** The gallery; so far its address alone. */
import { words } from '../words.ts';

export function GalleryPage() {
  return <h1 tabIndex={-1}>{words.gallery.heading}</h1>;
}
