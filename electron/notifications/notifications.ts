/** Tells, through the system, what happened while nobody looked: thin Electron calls around notification-watch.ts. */
import { type NativeImage, Notification, nativeImage } from 'electron';
import type { Preferences } from '../../contract/desktop.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { NotificationWords } from '../../strings/en/notifications.ts';
import type { EngineLink } from '../engine/engine-link.ts';
import type { ShellDeeds } from '../shell-deeds.ts';
import type { Message } from './decide.ts';
import { createNotificationWatch } from './notification-watch.ts';

export interface NotificationDependencies {
  readonly link: EngineLink;
  readonly deeds: ShellDeeds;
  readonly preferences: { get(): Preferences };
  readonly words: () => NotificationWords;
  /** The user looks at ComfyUI's own window: it tells how jobs end itself. */
  readonly comfyuiFocused: () => boolean;
  /** One line for the shell's log. */
  readonly log: (line: string) => void;
}

/** What comes from an endpoint comes in full size. */
const MOST_PIXELS = 512;
const NO_SERVICE = 'this system has no notification service that answers.';

/** After `app.whenReady()`. Windows shows nothing before `app.setAppUserModelId`. */
export function createNotifications(dependencies: NotificationDependencies): { dispose(): void } {
  const { link, deeds, preferences, words, comfyuiFocused, log } = dependencies;
  /** Held here: a notification that nobody holds is collected, and its click is lost. */
  const shown = new Map<Message['subject'], Notification>();
  let complaint = '';

  /** Once: where there is no service, every notification fails alike. */
  function complain(reason: string): void {
    if (reason !== complaint) log(`A notification was not shown: ${reason}`);
    complaint = reason;
  }

  async function show(message: Message): Promise<void> {
    if (!Notification.isSupported()) {
      complain(NO_SERVICE);
      return;
    }
    const picture = message.pictureOf === null ? null : await pictureOf(message.pictureOf);
    const notification = new Notification({
      title: message.title,
      body: message.body,
      urgency: message.urgent ? 'critical' : 'normal',
      ...(picture === null ? {} : { icon: picture }),
    });
    notification.on('click', () => deeds.open(message.opens));
    notification.on('failed', (_event, error) => complain(error === '' ? NO_SERVICE : error));
    notification.on('close', () => {
      if (shown.get(message.subject) === notification) shown.delete(message.subject);
    });
    shown.get(message.subject)?.close();
    shown.set(message.subject, notification);
    notification.show();
  }

  /** Null when there is none to be had: the message is told without. */
  async function pictureOf(promptId: string): Promise<NativeImage | null> {
    const path = `${MANAGER_ROUTES.prompts}/${encodeURIComponent(promptId)}/preview`;
    const preview = await link.download(path).catch(() => null);
    if (preview === null) return null;
    const image = nativeImage.createFromBuffer(preview.body);
    if (image.isEmpty()) return null;
    return image.getSize().width > MOST_PIXELS ? image.resize({ width: MOST_PIXELS }) : image;
  }

  const watch = createNotificationWatch({
    link,
    wishes: () => preferences.get(),
    words,
    comfyuiFocused,
    time: {
      now: Date.now,
      after(delayMs, act) {
        const timer = setTimeout(act, delayMs);
        return () => clearTimeout(timer);
      },
    },
    show: (message) => void show(message).catch((error) => complain(String(error))),
  });
  return {
    dispose() {
      watch.dispose();
      for (const notification of shown.values()) notification.close();
      shown.clear();
    },
  };
}
