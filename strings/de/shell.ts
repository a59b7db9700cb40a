/** Der Kern der Desktop-Anwendung, deutsch. Gestalt und Bedeutung: strings/en/shell.ts. */
import type { ShellWords } from '../en/shell.ts';
import type { ErrorWords } from '../vocabulary.ts';
import { engineWords } from './engine.ts';
import { plural } from './grammar.ts';

const errors: Readonly<Record<string, ErrorWords | undefined>> = engineWords.error;

export const shellWords: ShellWords = {
  engine: {
    notRunning: 'Stokers Dienst läuft gerade nicht.',
    silent: (pid) => `Stokers Dienst (Prozess ${pid}) antwortet nicht mehr.`,
    gone: (pid) => `Stokers Dienst (Prozess ${pid}) hat sich beendet.`,
    slow: (seconds) => `Stokers Dienst hat ${seconds} s nach seinem Start noch nicht geantwortet.`,
    ended: (how, lastLines) => {
      const way = typeof how === 'number' ? ` mit Code ${how}` : how === null ? '' : ` (${how})`;
      const quoted = lastLines.length === 0 ? '' : `\nSeine letzten Zeilen:\n${lastLines.join('\n')}`;
      return `Stokers Dienst hat sich${way} beendet.${quoted}`;
    },
    refused(code, message, next) {
      const words = errors[code];
      if (words === undefined) return next === null ? message : `${message} ${next}`;
      const what = words.withDetail ? `${words.title} ${message}` : words.title;
      return code === 'public_port_taken' ? what : `${what} ${words.next}`;
    },
    folderUnusable: (folder, reason) =>
      `Stoker kann nicht in seinen Datenordner ${folder} schreiben: ${reason}. Bitte beschreibbar machen oder Platz schaffen.`,
    nodeMissing: (reason) =>
      `Das Programm, das Stokers Dienst ausführt, ließ sich nicht starten: ${reason}. Bitte Stoker neu installieren.`,
    tokenUnknown:
      'Der laufende Dienst verlangt ein Zugriffstoken, das hier nicht bekannt ist. Den Dienst beenden, oder STOKER_NETWORK_TOKEN setzen und Stoker neu starten.',
    otherVersion: (url) =>
      `Unter ${url} antwortet ein Dienst einer anderen Version, den jemand anders gestartet hat. Bitte dort beenden und dann erneut versuchen.`,
    notOurs: (pid) =>
      `Der Dienst (Prozess ${pid}) wurde nicht von dieser Anwendung gestartet und bleibt deshalb unberührt. Er lässt sich dort beenden, wo er gestartet wurde.`,
  },
  gaveUp: {
    title: 'Stoker konnte nicht gestartet werden',
    tryAgain: 'Erneut versuchen',
    chooseFreePort: 'Freien Port verwenden',
    quit: 'Beenden',
    portHint:
      'Mit dem Port ändert sich die Adresse von ComfyUI. Auf Dauer lässt er sich in den Einstellungen festlegen.',
  },
  busy: {
    title: 'ComfyUI arbeitet',
    work: (running, waiting) => {
      const waits = plural(waiting, 'Prompt wartet', 'Prompts warten');
      if (running === 0) return `In der Warteschlange: ${waits}.`;
      const works = plural(running, 'Prompt läuft', 'Prompts laufen');
      return waiting > 0 ? `${works}, ${waits}.` : `${works}.`;
    },
    lost: 'Sie bleibt erhalten: Was jetzt läuft, beginnt von vorn, wenn Stoker wieder läuft.',
    remoteTitle: 'Auf einem Endpunkt laufen Aufträge',
    remote: (jobs) =>
      `${plural(jobs, 'Auftrag läuft', 'Aufträge laufen')} auf einem Endpunkt: Das geht weiter und kostet, und die Ergebnisse bleiben dort nur eine halbe Stunde.`,
    quitWhenDone: 'Beenden, wenn alles fertig ist',
    quitNow: 'Jetzt beenden',
    restartNow: 'Jetzt neu starten',
    cancel: 'Abbrechen',
    kept: 'Es wurde nichts neu gestartet: ComfyUI arbeitet weiter.',
  },
  problems: {
    title: 'Bitte beachten',
    preferences: (file) =>
      `Die Voreinstellungen ließen sich nicht lesen, es gelten die Standardwerte. Die alte Datei liegt noch hier: ${file}.`,
    keyStore: (names) =>
      `Diese Geheimnisse ließen sich nicht aus dem Schlüsselspeicher lesen und müssen neu eingegeben werden: ${names.join(', ')}.`,
    loginItem: (reason) => `Der Start bei der Anmeldung ließ sich nicht ändern: ${reason}`,
  },
  noKeyStore: 'Dieser Computer bietet keinen Schlüsselspeicher. Bitte wählen, wo das Geheimnis aufbewahrt wird.',
  loginComment: 'ComfyUI, nur solange es gebraucht wird',
};
