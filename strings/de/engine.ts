/** What the engine tells in English, in German, by its codes: why ComfyUI is in its state, and what went wrong with what to do next. */
import type { EngineWords } from '../vocabulary.ts';

export const engineWords: EngineWords = {
  started: {
    user: 'auf Wunsch',
    request: 'für eine Anfrage',
    restart: 'nach einem Neustart',
    crashRecovery: 'nach einem Absturz',
    adopted: 'von einem früheren Stoker',
    settings: 'wegen geänderter Einstellungen',
    launch: 'zusammen mit Stoker',
    cardBack: 'nach der Rückkehr der Karte',
  },
  stopped: {
    neverStarted: 'Noch nicht gestartet.',
    user: 'Auf Wunsch beendet.',
    idle: 'Schläft: Während der Leerlaufzeit kam keine Anfrage.',
    queueDone: 'Beendet, weil die Warteschlange fertig war.',
    restart: 'Für einen Neustart beendet.',
    settings: 'Wegen geänderter Einstellungen beendet.',
    shutdown: 'Zusammen mit Stoker beendet.',
    exited: 'ComfyUI hat sich selbst beendet.',
    startCancelled: 'Der Start wurde abgebrochen.',
    yielded: 'Beendet, damit andere die Karte haben.',
  },
  starting: (because, attempt) =>
    attempt > 1 ? `Startet erneut (Versuch ${attempt}) ${because}.` : `Startet ${because}.`,
  running: (because, withoutCustomNodes) =>
    withoutCustomNodes ? `Läuft ohne Custom Nodes, gestartet ${because}.` : `Läuft, gestartet ${because}.`,
  stopping: 'Wird beendet: Stoker wartet auf ComfyUI und alles, was es gestartet hat.',
  yielded: (cause, owner) =>
    ({
      paused: 'Pausiert: Die Karte ist für anderes frei.',
      lease: owner === null ? 'Die Karte ist ausgeliehen.' : `Die Karte ist an „${owner}“ ausgeliehen.`,
      program: 'Ein Programm aus der Liste braucht die Karte.',
      foreignVram: 'Andere Programme brauchen den Speicher der Karte.',
    })[cause],
  error: {
    not_configured: {
      title: 'Es ist noch kein ComfyUI eingestellt.',
      next: 'In den Einstellungen einen ComfyUI-Ordner oder einen Startbefehl wählen, oder mit --demo starten.',
    },
    command_not_found: {
      title: 'Der Startbefehl wurde nicht gefunden.',
      next: 'Startbefehl und Python-Pfad in den Einstellungen prüfen.',
      withDetail: true,
    },
    folder_invalid: {
      title: 'Der ComfyUI-Ordner passt nicht.',
      next: 'In den Einstellungen den Ordner wählen, in dem main.py liegt.',
      withDetail: true,
    },
    python_missing: {
      title: 'Zu diesem ComfyUI wurde kein Python gefunden.',
      next: 'In den Einstellungen das Python der ComfyUI-Umgebung angeben.',
      withDetail: true,
    },
    exited_early: {
      title: 'ComfyUI hat sich beendet, bevor es bereit war.',
      next: 'Die letzten Zeilen des Protokolls lesen; ein Start ohne Custom Nodes zeigt oft, welche schuld ist.',
      withDetail: true,
    },
    start_timeout: {
      title: 'ComfyUI war innerhalb der Startfrist nicht bereit.',
      next: 'Das Protokoll lesen; braucht diese Installation immer so lange, die Startfrist in den Einstellungen erhöhen.',
      withDetail: true,
    },
    start_cancelled: { title: 'Der Start wurde abgebrochen.', next: 'ComfyUI bei Bedarf erneut starten.' },
    gave_up: {
      title: 'ComfyUI ist zu oft hintereinander abgestürzt.',
      next: 'Grund und Protokoll lesen, dann erneut starten.',
      withDetail: true,
    },
    crashed: {
      title: 'ComfyUI ist abgestürzt.',
      next: 'Stoker startet ComfyUI von selbst neu; der Grund steht dabei.',
      withDetail: true,
    },
    hung: {
      title: 'ComfyUI hat nicht mehr geantwortet.',
      next: 'Stoker hat den hängenden Prozess beendet und startet ihn neu.',
      withDetail: true,
    },
    private_port_taken: {
      title: 'Der private Port ist belegt.',
      next: 'Den privaten Port leer lassen, damit Stoker einen freien wählt, oder das andere Programm beenden.',
      withDetail: true,
    },
    stop_failed: {
      title: 'ComfyUI ließ sich nicht beenden.',
      next: 'Die genannten Prozesse von Hand beenden; Stoker darf es nicht.',
      withDetail: true,
    },
    asleep: { title: 'ComfyUI schläft.', next: 'ComfyUI starten oder etwas anfragen, das es weckt.' },
    upstream_unreachable: {
      title: 'ComfyUI antwortet nicht.',
      next: 'Erneut versuchen; bleibt es dabei, das Protokoll von ComfyUI lesen.',
    },
    upstream_silent: {
      title: 'ComfyUI hat zu lange nichts gesendet.',
      next: 'Sind solche Anfragen hier normal, die Stillefrist in den Einstellungen erhöhen.',
    },
    host_not_allowed: {
      title: 'Unter diesem Namen darf Stoker nicht geöffnet werden.',
      next: 'Stoker unter der angezeigten Adresse öffnen oder den Namen in den Einstellungen erlauben.',
      withDetail: true,
    },
    origin_not_allowed: {
      title: 'Eine andere Website hat diese Anfrage geschickt.',
      next: 'Stoker selbst öffnen und es dort tun.',
    },
    token_required: { title: 'Stoker verlangt sein Zugriffstoken.', next: 'Das Token auf der Anmeldeseite eingeben.' },
    too_many_sockets: { title: 'Zu viele Verbindungen.', next: 'Einige Tabs oder Programme schließen.' },
    too_many_held: {
      title: 'Zu viele Anfragen warten schon auf ComfyUI.',
      next: 'Warten, bis ComfyUI läuft, und erneut versuchen.',
    },
    too_many_attempts: {
      title: 'Zu viele falsche Versuche.',
      next: 'Eine Sekunde warten; das richtige Token gilt jederzeit.',
    },
    work_in_progress: {
      title: 'ComfyUI arbeitet noch.',
      next: 'Warten, nach der Warteschlange schlafen lassen, oder die Arbeit verlieren.',
    },
    invalid_request: {
      title: 'Diese Eingabe ist nicht möglich.',
      next: 'Das genannte Feld berichtigen.',
      withDetail: true,
    },
    invalid_settings: {
      title: 'Diese Einstellungen sind nicht möglich.',
      next: 'Die genannten Einstellungen berichtigen.',
      withDetail: true,
    },
    not_found: { title: 'Das gibt es hier nicht.', next: 'Die Seite neu laden.', withDetail: true },
    not_running: { title: 'ComfyUI läuft nicht.', next: 'Zuerst ComfyUI starten.' },
    internal: {
      title: 'In Stoker ist etwas schiefgegangen.',
      next: 'Das Protokoll von Stoker lesen und den Fehler melden.',
      withDetail: true,
    },
    card_lent: {
      title: 'Die Karte ist gerade verliehen.',
      next: 'Warten, bis sie zurück ist, oder „Fortsetzen“ drücken.',
      withDetail: true,
    },
    lease_not_found: {
      title: 'Diese Leihe gibt es nicht mehr.',
      next: 'Sie ist abgelaufen oder wurde zurückgegeben; bei Bedarf neu ausleihen.',
    },
    secret_not_found: { title: 'Dieses Geheimnis ist nicht gespeichert.', next: 'Die Seite neu laden.' },
    public_port_taken: {
      title: 'Der Port von Stoker ist belegt.',
      next: 'Das genannte Programm beenden oder einen anderen Port wählen.',
      withDetail: true,
    },
    data_folder_locked: {
      title: 'Ein anderer Stoker benutzt diesen Datenordner.',
      next: 'Diesen benutzen, ihn beenden, oder einen anderen Datenordner wählen.',
    },
    data_folder_unusable: {
      title: 'Der Datenordner ist nicht benutzbar.',
      next: 'Den Ordner beschreibbar machen, Platz schaffen, oder einen anderen wählen.',
      withDetail: true,
    },
    token_needed_for_address: {
      title: 'Diese Adresse braucht ein Zugriffstoken.',
      next: 'Ein Zugriffstoken setzen, bevor Stoker über diesen Computer hinaus erreichbar ist.',
    },
    endpoint_busy: {
      title: 'Der Endpunkt hat noch Aufträge.',
      next: 'Sie zuerst abbrechen oder ihr Ende abwarten.',
      withDetail: true,
    },
    target_name_taken: {
      title: 'Ein anderes Ziel heißt schon so.',
      next: 'Einen anderen Namen wählen.',
    },
    server_busy: {
      title: 'Der Server hat noch Aufträge.',
      next: 'Sie zuerst abbrechen oder ihr Ende abwarten.',
    },
    server_unreachable: {
      title: 'Der Server antwortet nicht.',
      next: 'Nachsehen, ob er läuft und die Adresse stimmt; Stoker versucht es von selbst wieder.',
      withDetail: true,
    },
    server_unauthorized: {
      title: 'Der Server lässt Stoker nicht herein.',
      next: 'Den Schlüssel des Servers prüfen.',
      withDetail: true,
    },
    server_refused: {
      title: 'Der Server weist ab, was Stoker fragt.',
      next: 'Prüfen, ob unter seiner Adresse ein ComfyUI oder ein Stoker davor lauscht.',
      withDetail: true,
    },
    token_name_taken: {
      title: 'Ein Token dieses Namens gibt es schon.',
      next: 'Einen anderen Namen wählen oder jenes Token zuerst widerrufen.',
    },
    token_not_found: { title: 'Dieses Token gibt es nicht mehr.', next: 'Die Seite neu laden.' },
    gallery_folder_unknown: {
      title: 'Wohin ComfyUI speichert, ist nicht bekannt.',
      next: 'In den Einstellungen den Ausgabeordner angeben: Die Art, wie dieses ComfyUI gestartet wird, verrät ihn nicht.',
    },
    gallery_item_not_found: {
      title: 'Diese Datei ist nicht mehr da.',
      next: 'Sie wurde verschoben oder entfernt; die Galerie neu laden.',
    },
    gallery_no_workflow: {
      title: 'In dieser Datei steckt kein Workflow.',
      next: 'ComfyUI schreibt ihn in PNG- und animierte WebP-Dateien, außer es läuft mit --disable-metadata.',
    },
  },
};
