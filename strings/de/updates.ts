/** Words about new versions of Stoker itself, in German. */
import type { UpdateWords } from '../en/updates.ts';

export const updateWords: UpdateWords = {
  unsupported: {
    development: 'Dies ist eine Entwicklungskopie: Sie wird mit git aktualisiert.',
    portable: 'Die portable Version aktualisiert sich nicht selbst: die neue herunterladen und die Datei ersetzen.',
    packageManager: 'Diese Kopie kam als Systempaket: Sie wird mit der Paketverwaltung aktualisiert.',
    noAddress: 'Diese Kopie wurde ohne eine Adresse für Aktualisierungen gebaut.',
  },
  failed: (detail) => `Die Aktualisierung hat nicht funktioniert: ${detail}`,
};
