/** Settings of this computer or browser, in German. */
import type * as english from '../en/computer.ts';

export const computerWords: typeof english.computerWords = {
  heading: 'Dieser Computer',
  browserHeading: 'Dieser Browser',
  atOnce: 'Gilt sofort.',
  failed: 'Das ließ sich nicht ändern.',
  unreadable: 'Die Einstellungen dieses Computers konnten nicht gelesen werden.',

  startAtLogin: {
    title: 'Beim Anmelden starten',
    hint: 'Stoker wartet in der Leiste; ComfyUI startet, wenn es gebraucht wird.',
  },
  cannotStartAtLogin: 'Mit dieser Fassung von Stoker nicht möglich.',
  showTrayIcon: {
    title: 'Symbol in der Leiste',
    hint: 'Zeigt den Zustand von ComfyUI und der Karte. Ohne Symbol öffnet sich Stoker aus dem Anwendungsmenü.',
  },
  openOnStart: { title: 'Ein Start öffnet', hint: 'Ein Start beim Anmelden öffnet nichts.' },
  openOnStartChoice: { dashboard: 'Die Übersicht', comfyui: 'ComfyUI', nothing: 'Nichts' },
  notifications: { title: 'Benachrichtigungen', hint: 'Probleme sind fehlgeschlagene Aufträge und Abstürze.' },
  notificationsChoice: { all: 'Alle', problems: 'Nur Probleme', off: 'Keine' },
  notifyWakeAndSleep: { title: 'Aufwachen und Einschlafen melden', hint: 'Viele Male am Tag.' },
  blockSleep: {
    title: 'Computer wach halten, solange ComfyUI arbeitet',
    hint: 'Der Bildschirm darf sich trotzdem ausschalten.',
  },
  acceleration: {
    title: 'Fenster mit der Grafikkarte zeichnen',
    hint: 'Kostet etwa 100 MB VRAM, solange ein Fenster offen ist. Gilt nach einem Neustart von Stoker.',
  },
  accelerationChoice: {
    on: 'Immer',
    smallCard: 'Nicht neben ComfyUI auf einer Karte bis 8 GB',
    off: 'Nie',
  },
  restartShell: 'Um seine Fenster anders zu zeichnen, muss Stoker neu starten. Die Arbeit von ComfyUI läuft weiter.',
  restartShellButton: 'Stoker jetzt neu starten',
  appearance: { title: 'Aussehen', hint: 'Hell oder dunkel.' },
  appearanceChoice: { system: 'Wie das System', light: 'Hell', dark: 'Dunkel' },
  language: { title: 'Sprache', hint: 'Die Seite wird neu geladen; Eingaben bleiben erhalten.' },
  languageChoice: { en: 'English', de: 'Deutsch', system: 'Wie das System' },
  demo: { title: 'Demo', hint: 'Der eingebaute Simulator steht für ComfyUI.' },
  leaveDemo: 'Demo verlassen',
  welcome: { title: 'Einführung', hint: 'ComfyUI und seine Leerlaufzeit Schritt für Schritt wählen.' },
  openWelcome: 'Einführung öffnen',

  updates: { title: 'Nach Updates suchen', hint: 'Solange ComfyUI arbeitet, wird Stoker nie ersetzt.' },
  update: {
    idle: (moment) => (moment === null ? 'Noch nicht gesucht.' : `Auf dem neuesten Stand, geprüft ${moment}.`),
    checking: 'Ein Update wird gesucht…',
    downloading: (version, percent) => `Version ${version} wird geladen: ${percent}`,
    ready: (version) => `Version ${version} ist bereit.`,
    waits: 'ComfyUI arbeitet gerade.',
    failed: (message) => `Das Update ist fehlgeschlagen: ${message}`,
    notes: 'Was neu ist',
    check: 'Jetzt suchen',
    install: 'Installieren und neu starten',
    installLater: 'Nach der Arbeit installieren',
    asked: 'Stoker startet von selbst neu, wenn die Arbeit fertig ist.',
    version: (version) => `Dies ist Version ${version}.`,
  },
};
