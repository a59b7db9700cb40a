/** The gallery, in German. */
import type * as english from '../en/gallery.ts';
import { plural } from './grammar.ts';

export const galleryWords: typeof english.galleryWords = {
  heading: 'Galerie',
  search: 'Namen und Ordner durchsuchen',
  clear: 'Suche leeren',
  madeAt: 'Gezeigte Bilder',
  madeAtChoices: { all: 'Alle', local: 'Lokal', remote: 'Entfernt' },
  count: (count) => plural(count, 'Datei', 'Dateien'),
  grid: 'Bilder, neueste zuerst',
  failed: 'Die Galerie konnte nicht gelesen werden.',
  retry: 'Erneut versuchen',
  empty: {
    heading: 'Noch keine Bilder',
    text: (folder) => `Was ComfyUI nach ${folder} speichert, erscheint hier.`,
  },
  noMatch: 'Kein Bild passt zu Suche und Auswahl.',
  remote: 'Entfernt',
  kind: { image: 'Bild', video: 'Video', audio: 'Ton' },
  broken: 'Lässt sich nicht zeigen',

  compare: 'Vergleichen',
  compareTwo: (chosen) => (chosen === 2 ? 'Diese zwei vergleichen' : `Noch ${2 - chosen} zum Vergleich wählen`),

  viewer: {
    title: (name) => `Ansicht: ${name}`,
    close: 'Schließen',
    previous: 'Voriges Bild',
    next: 'Nächstes Bild',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    fit: 'Einpassen',
    hint: 'Pfeile: andere Bilder · + und −: Größe · 0: einpassen · Esc: schließen',
    place: (place, total) => `${place} von ${total}`,
    copyWorkflow: 'Workflow kopieren',
    download: 'Herunterladen',
    openJob: 'Auftrag öffnen',
    reveal: 'Im Ordner zeigen',
    trash: 'In den Papierkorb',
    size: (width, height) => `${width} × ${height}`,
    folder: 'Ordner',
    saved: 'Gespeichert',
    fileSize: 'Größe',
    pixels: 'Bildpunkte',
    made: 'Entstanden',
    madeLocal: 'auf diesem Computer',
    madeRemote: 'entfernt',
  },

  trashing: {
    title: (name) => `${name} in den Papierkorb legen?`,
    explanation: 'Aus dem Papierkorb dieses Computers lässt es sich zurückholen.',
    keep: 'Behalten',
    trash: 'In den Papierkorb',
  },

  comparing: {
    title: 'Zwei Bilder vergleichen',
    mode: 'Art des Vergleichs',
    modes: { slider: 'Schieber', beside: 'Nebeneinander' },
    slider: 'Grenze zwischen beiden',
    left: 'Links',
    right: 'Rechts',
    swap: 'Tauschen',
  },
};
