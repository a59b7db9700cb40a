/** The gallery: the grid, the viewer, comparing, and what can be done with a picture. */
import { plural } from './grammar.ts';

export const galleryWords = {
  heading: 'Gallery',
  search: 'Search names and folders',
  clear: 'Clear the search',
  madeAt: 'Pictures shown',
  madeAtChoices: { all: 'All', local: 'Local', remote: 'Remote' },
  count: (count: number) => plural(count, 'file', 'files'),
  grid: 'Pictures, newest first',
  failed: 'The gallery could not be read.',
  retry: 'Try again',
  empty: {
    heading: 'No pictures yet',
    text: (folder: string) => `What ComfyUI saves to ${folder} appears here.`,
  },
  noMatch: 'No picture fits the search and the filter.',
  remote: 'Remote',
  kind: { image: 'Picture', video: 'Video', audio: 'Sound' },
  broken: 'Cannot be shown',

  compare: 'Compare',
  compareTwo: (chosen: number) => (chosen === 2 ? 'Compare these two' : `Choose ${2 - chosen} more to compare`),

  viewer: {
    title: (name: string) => `Viewer: ${name}`,
    close: 'Close',
    previous: 'Previous picture',
    next: 'Next picture',
    zoomIn: 'Zoom in',
    zoomOut: 'Zoom out',
    fit: 'Fit',
    hint: 'Arrows: other pictures · + and −: zoom · 0: fit · Esc: close',
    place: (place: string, total: string) => `${place} of ${total}`,
    copyWorkflow: 'Copy workflow',
    download: 'Download',
    openJob: 'Open job',
    reveal: 'Show in folder',
    trash: 'Move to trash',
    size: (width: string, height: string) => `${width} × ${height}`,
    folder: 'Folder',
    saved: 'Saved',
    fileSize: 'Size',
    pixels: 'Pixels',
    made: 'Made',
    madeLocal: 'on this computer',
    madeRemote: 'remotely',
  },

  trashing: {
    title: (name: string) => `Move ${name} to the trash?`,
    explanation: 'It can be put back from the trash of this computer.',
    keep: 'Keep it',
    trash: 'Move to trash',
  },

  comparing: {
    title: 'Compare two pictures',
    mode: 'How to compare',
    modes: { slider: 'Slider', beside: 'Side by side' },
    slider: 'Where the two meet',
    left: 'Left',
    right: 'Right',
    swap: 'Swap',
  },
};
