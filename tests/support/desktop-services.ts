/** Stand-ins for what a desktop offers over D-Bus: notifications, suspend and resume, blocking of sleep; and a real key store, unlocked. */
import { spawn } from 'node:child_process';
import type { PrivateBus } from './desktop-bus.ts';
import type { DesktopSession } from './desktop-session.ts';

export interface ShownNotification {
  readonly id: number;
  readonly summary: string;
  readonly body: string;
  /** Keys and labels in turn, as on the wire. */
  readonly actions: readonly string[];
  /** With a picture or without. */
  readonly hasImage: boolean;
  readonly urgency: number;
}

export interface Notifications {
  /** Oldest first; one that replaced another stands in its place. */
  shown(): readonly ShownNotification[];
  click(id: number): void;
}

export async function serveNotifications(bus: PrivateBus): Promise<Notifications> {
  const name = 'org.freedesktop.Notifications';
  const path = '/org/freedesktop/Notifications';
  const shown = new Map<number, ShownNotification>();
  let lastId = 0;
  await bus.serve(name, {
    [`${name}.Notify`]: (_application, replaces, _icon, summary, body, actions, hints) => {
      lastId += 1;
      const id = Number(replaces) || lastId;
      const known = hints as Record<string, unknown>;
      shown.set(id, {
        id,
        summary: String(summary),
        body: String(body),
        actions: actions as string[],
        hasImage: Object.keys(known).some((hint) => /image|icon/.test(hint)),
        urgency: Number(known.urgency ?? 1),
      });
      return ['u', id];
    },
    [`${name}.CloseNotification`]: (id) => {
      bus.signal(path, name, 'NotificationClosed', 'uu', [id, 3]);
      return [''];
    },
    [`${name}.GetCapabilities`]: () => ['as', ['body', 'actions', 'body-markup', 'persistence']],
    [`${name}.GetServerInformation`]: () => ['ssss', 'stand-in', 'Stoker tests', '1', '1.2'],
  });
  return {
    shown: () => [...shown.values()],
    click: (id) => bus.signal(path, name, 'ActionInvoked', 'us', [id, 'default']),
  };
}

export interface Power {
  suspend(): void;
  resume(): void;
  /** The computer is about to be shut down or the user to log out. */
  shutDown(): void;
}

/** logind, as far as Chromium listens to it. It gives no file descriptors: whoever asks for a delay is refused it. */
export async function servePower(systemBus: PrivateBus): Promise<Power> {
  const name = 'org.freedesktop.login1';
  const tell = (member: string, begins: boolean): void =>
    systemBus.signal('/org/freedesktop/login1', `${name}.Manager`, member, 'b', [begins]);
  await systemBus.serve(name, {});
  return {
    suspend: () => tell('PrepareForSleep', true),
    resume: () => tell('PrepareForSleep', false),
    shutDown: () => tell('PrepareForShutdown', true),
  };
}

export interface SleepBlocks {
  /** Reasons of the blocks that are held now. */
  held(): readonly string[];
  /** Also of those that are over. */
  heldEver(): readonly string[];
}

/** The service that Chromium asks under XFCE and KDE. */
export async function serveSleepBlocks(bus: PrivateBus): Promise<SleepBlocks> {
  const name = 'org.freedesktop.PowerManagement';
  const held = new Map<number, string>();
  const ever: string[] = [];
  let lastCookie = 0;
  await bus.serve(name, {
    [`${name}.Inhibit.Inhibit`]: (_application, reason) => {
      lastCookie += 1;
      held.set(lastCookie, String(reason));
      ever.push(String(reason));
      return ['u', lastCookie];
    },
    [`${name}.Inhibit.UnInhibit`]: (cookie) => {
      held.delete(Number(cookie));
      return [''];
    },
  });
  return { held: () => [...held.values()], heldEver: () => [...ever] };
}

/** A real gnome-keyring with an empty, unlocked key ring; Chromium uses it where the desktop is GNOME. Ends with the session. */
export async function startKeyring({ environment, sessionBus }: DesktopSession): Promise<void> {
  const daemon = spawn('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env: environment,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  daemon.stdin.end('\n');
  await sessionBus.untilOwned('org.freedesktop.secrets');
}
