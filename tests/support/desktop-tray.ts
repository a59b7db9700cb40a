/** The tray as a desktop sees it: a watcher that lets icons register, and what an icon shows and does, read and clicked over D-Bus. */
import { PNG } from 'pngjs';
import { type PrivateBus, variant } from './desktop-bus.ts';
import { untilFound } from './until.ts';

const ITEM = 'org.kde.StatusNotifierItem';
const ITEM_PATH = '/StatusNotifierItem';
const WATCHER = 'org.kde.StatusNotifierWatcher';
const MENU = 'com.canonical.dbusmenu';
const CLICK_TRIES = 5;

export interface TrayMenuItem {
  readonly id: number;
  /** Empty for a separator. */
  readonly label: string;
  readonly separator: boolean;
  readonly enabled: boolean;
  /** Null for what is no check box and no radio button. */
  readonly checked: boolean | null;
  readonly children: readonly TrayMenuItem[];
}

export interface TrayIcon {
  tooltip(): Promise<string>;
  /** The largest size it offers. */
  icon(): Promise<PNG>;
  status(): Promise<string>;
  menu(): Promise<readonly TrayMenuItem[]>;
  /** Menu labels as lines, submenus indented, a separator as `-`; what cannot be clicked is in brackets. */
  menuText(): Promise<string>;
  /** Chooses from the menu; the labels lead through submenus. @throws when there is none, or it is greyed out */
  click(...labels: string[]): Promise<void>;
  /** As a left click. */
  activate(): Promise<void>;
}

/** Plays the part of a panel, so that icons register. Not beside a real panel. */
export async function serveTrayWatcher(bus: PrivateBus): Promise<void> {
  const properties: Readonly<Record<string, unknown>> = {
    IsStatusNotifierHostRegistered: variant('b', true),
    ProtocolVersion: variant('i', 0),
    RegisteredStatusNotifierItems: variant('as', []),
  };
  await bus.serve(WATCHER, {
    [`${WATCHER}.RegisterStatusNotifierItem`]: () => [''],
    [`${WATCHER}.RegisterStatusNotifierHost`]: () => [''],
    'org.freedesktop.DBus.Properties.Get': (_interface, name) => ['v', properties[name as string]],
    'org.freedesktop.DBus.Properties.GetAll': () => ['a{sv}', properties],
  });
}

/** Waits for the icon of a process. */
export async function trayIconOf(bus: PrivateBus, pid: number, timeoutMs = 20_000): Promise<TrayIcon> {
  const destination = await untilFound(() => trayNameOf(bus, pid), `a tray icon of process ${pid}`, timeoutMs);
  const properties = async (): Promise<Record<string, unknown>> => {
    const [all] = await bus.call({
      destination,
      path: ITEM_PATH,
      interface: 'org.freedesktop.DBus.Properties',
      member: 'GetAll',
      signature: 's',
      body: [ITEM],
    });
    return all as Record<string, unknown>;
  };
  const menu = async (): Promise<{ path: string; items: readonly TrayMenuItem[] }> => {
    const path = (await properties()).Menu as string;
    const call = { destination, path, interface: MENU };
    const [, root] = await bus.call({ ...call, member: 'GetLayout', signature: 'iias', body: [0, -1, []] });
    return { path, items: menuItem(root as RawMenuItem).children };
  };
  return {
    tooltip: async () => ((await properties()).ToolTip as [string, unknown, string, string])[2],
    icon: async () => largest((await properties()).IconPixmap as RawPixmap[]),
    status: async () => (await properties()).Status as string,
    menu: async () => (await menu()).items,
    menuText: async () => menuLines((await menu()).items, '').join('\n'),
    async click(...labels) {
      for (let attempt = 1; ; attempt += 1) {
        const { path, items } = await menu();
        const item = labels.reduce<TrayMenuItem | undefined>(
          (parent, label) => parent?.children.find((child) => child.label === label),
          { id: 0, label: '', separator: false, enabled: true, checked: null, children: items },
        );
        if (item?.enabled !== true) {
          throw new Error(`${labels.join(' → ')} is not to be clicked in:\n${menuLines(items, '').join('\n')}`);
        }
        const body = [item.id, 'clicked', variant('i', 0), 0];
        try {
          await bus.call({ destination, path, interface: MENU, member: 'Event', signature: 'isvu', body });
          return;
        } catch (error) {
          // The menu was built anew between reading and clicking, and this item is gone; a person would click once more.
          if (attempt === CLICK_TRIES) throw error;
        }
      }
    },
    async activate() {
      await bus.call({
        destination,
        path: ITEM_PATH,
        interface: ITEM,
        member: 'Activate',
        signature: 'ii',
        body: [0, 0],
      });
    },
  };
}

/** Whether a process has an icon now. */
export async function hasTrayIcon(bus: PrivateBus, pid: number): Promise<boolean> {
  return (await trayNameOf(bus, pid)) !== null;
}

/** Chromium owns one such name for each icon. */
async function trayNameOf(bus: PrivateBus, pid: number): Promise<string | null> {
  return (await bus.names()).find((name) => name.startsWith(`${ITEM}-${pid}-`)) ?? null;
}

type RawMenuItem = [id: number, properties: Record<string, unknown>, children: RawMenuItem[]];
type RawPixmap = [width: number, height: number, argb: Uint8Array];

function menuItem([id, properties, children]: RawMenuItem): TrayMenuItem {
  const { label, type, enabled } = properties;
  return {
    id,
    // An underscore marks the access key, two stand for one.
    label: String(label ?? '').replace(/_(.)/g, '$1'),
    separator: type === 'separator',
    enabled: enabled !== false,
    checked: properties['toggle-type'] ? properties['toggle-state'] === 1 : null,
    children: children.filter(([, { visible }]) => visible !== false).map(menuItem),
  };
}

function menuLines(items: readonly TrayMenuItem[], indent: string): string[] {
  return items.flatMap(({ label, separator, enabled, checked, children }) => {
    const words = checked === null ? label : `${checked ? '✓' : '·'} ${label}`;
    const line = separator ? '-' : enabled ? words : `(${words})`;
    return [indent + line, ...menuLines(children, `${indent}  `)];
  });
}

function largest(pixmaps: readonly RawPixmap[]): PNG {
  const [width, height, argb] = pixmaps.reduce((best, each) => (each[0] > best[0] ? each : best));
  const png = new PNG({ width, height });
  for (let at = 0; at < argb.length; at += 4) {
    const [alpha, red, green, blue] = argb.subarray(at, at + 4);
    png.data.set([red ?? 0, green ?? 0, blue ?? 0, alpha ?? 0], at);
  }
  return png;
}
