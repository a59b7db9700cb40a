/** Deutsche Wörter der Fenster. */
import type { windowsWords as english } from '../en/windows.ts';

export const windowsWords: typeof english = {
  language: 'de',
  dashboard: 'Stoker',
  comfyui: 'ComfyUI',

  state: {
    asleep: 'schläft',
    waking: 'wacht auf',
    wakingPhase: (phase) => `wacht auf: ${phase}`,
    ready: 'bereit',
    busy: 'arbeitet',
    busyWaiting: (waiting) => `arbeitet, ${waiting.toLocaleString('de')} in der Warteschlange`,
    stopping: 'schläft gleich ein',
    crashed: 'abgestürzt, startet neu',
    failed: 'fehlgeschlagen',
    yielded: 'Grafikkarte ist verliehen',
    engineStarting: 'Stoker startet',
    engineRestarting: 'Stoker startet neu',
    engineGone: 'Stoker läuft nicht',
  },
  phase: {
    launching: 'Programmstart',
    python: 'Python',
    torch: 'PyTorch',
    customNodes: 'Custom Nodes',
    server: 'Server',
  },
  downloading: (percent) => (percent === null ? 'lädt herunter' : `lädt herunter, ${percent} %`),

  menu: {
    file: 'Datei',
    openComfyui: 'ComfyUI öffnen',
    openDashboard: 'Übersicht öffnen',
    openInBrowser: 'Im Browser öffnen',
    openDownloads: 'Downloads anzeigen',
    settings: 'Einstellungen …',
    closeWindow: 'Fenster schließen',
    quit: 'Stoker beenden',
    edit: 'Bearbeiten',
    undo: 'Rückgängig',
    redo: 'Wiederholen',
    cut: 'Ausschneiden',
    copy: 'Kopieren',
    paste: 'Einfügen',
    pasteAsText: 'Ohne Formatierung einfügen',
    selectAll: 'Alles auswählen',
    view: 'Ansicht',
    reload: 'Neu laden',
    forceReload: 'Ohne Zwischenspeicher neu laden',
    actualSize: 'Originalgröße',
    zoomIn: 'Vergrößern',
    zoomOut: 'Verkleinern',
    fullScreen: 'Vollbild',
    developerTools: 'Entwicklerwerkzeuge',
    window: 'Fenster',
    minimise: 'Minimieren',
    zoomWindow: 'Zoomen',
    bringAllToFront: 'Alle nach vorne bringen',
    help: 'Hilfe',
    checkInstallation: 'Installation prüfen',
    showLog: 'Protokoll anzeigen',
    about: 'Über Stoker',
    services: 'Dienste',
    hide: 'Stoker ausblenden',
    hideOthers: 'Andere ausblenden',
    showAll: 'Alle einblenden',
  },

  contextMenu: {
    openLink: 'Link im Browser öffnen',
    copyLink: 'Linkadresse kopieren',
    saveImage: 'Bild speichern',
    copyImage: 'Bild kopieren',
  },

  notice: {
    starting: {
      title: 'Stoker startet',
      message: 'Diese Seite öffnet sich gleich von selbst.',
    },
    restarting: {
      title: 'Stoker antwortet nicht',
      message: 'Es wird gerade neu gestartet. Diese Seite öffnet sich von selbst, sobald es wieder antwortet.',
    },
    gaveUp: {
      title: 'Stoker läuft nicht',
      message: 'Es hat sich mehrmals nacheinander beendet und wird nicht mehr von selbst gestartet.',
      action: 'Noch einmal versuchen',
    },
    unreachable: {
      title: 'Diese Seite konnte nicht geladen werden',
      message: 'Stoker hat nicht geantwortet. Das Fenster versucht es weiter und öffnet die Seite, sobald es geht.',
    },
    crashed: {
      title: 'Diese Seite ist abgestürzt',
      message:
        'Ihr Prozess hat sich unerwartet beendet. Stoker und ComfyUI sind nicht betroffen: Die Warteschlange läuft weiter.',
      outOfMemory:
        'Ihr Arbeitsspeicher war aufgebraucht. Stoker und ComfyUI sind nicht betroffen: Die Warteschlange läuft weiter.',
      action: 'Seite neu laden',
    },
    details: 'Grund',
  },

  unsaved: {
    message: 'Seite mit ungespeicherten Änderungen verlassen?',
    detail: 'Auf der Seite gibt es Änderungen, die nicht gespeichert sind. Beim Verlassen können sie verloren gehen.',
    leave: 'Verlassen',
    stay: 'Bleiben',
  },
  unresponsive: {
    message: 'Diese Seite reagiert nicht',
    detail:
      'Vielleicht ist sie beschäftigt. Beim Neuladen gehen ungespeicherte Änderungen verloren; die Warteschlange läuft weiter.',
    wait: 'Warten',
    reload: 'Neu laden',
  },

  download: {
    done: 'Download abgeschlossen',
    doneBody: (name) => `${name}. Klicken zeigt die Datei im Ordner.`,
    failed: 'Download fehlgeschlagen',
    failedBody: (name, reason) => `${name}: ${reason}`,
    interrupted: 'Die Verbindung ist abgebrochen, oder der Datenträger ist voll. Bitte noch einmal versuchen.',
  },
};
