/** Where a window opens: its saved place if a person can see and grab it there, else a mended one. Pure; all in screen pixels of the system. */

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Wishes {
  readonly preferred: Size;
  readonly least: Size;
}

/** A new window leaves some of the screen free. */
const SHARE_OF_SCREEN = 0.9;
/** So much of the title bar must be in reach to drag the window by. */
const GRIP: Size = { width: 120, height: 24 };

/**
 * @param saved null when the window was never open
 * @param workAreas of the displays without panels and docks, the primary one first
 */
export function placeWindow(saved: Rectangle | null, workAreas: readonly Rectangle[], wishes: Wishes): Rectangle {
  const [primary] = workAreas;
  if (primary === undefined) return { x: 0, y: 0, ...wishes.preferred };
  if (saved === null) return centred(fitting(wishes.preferred, primary, SHARE_OF_SCREEN), primary);

  const home = workAreas.reduce((best, area) => (overlap(saved, area) > overlap(saved, best) ? area : best), primary);
  const size = fitting(
    { width: Math.max(saved.width, wishes.least.width), height: Math.max(saved.height, wishes.least.height) },
    home,
    1,
  );
  if (overlap(saved, home) === 0) return centred(size, home);
  const place = { x: saved.x, y: saved.y, ...size };
  return workAreas.some((area) => canBeGrabbed(place, area)) ? place : pushedInto(place, home);
}

const fitting = (size: Size, area: Size, share: number): Size => ({
  width: Math.min(size.width, Math.floor(area.width * share)),
  height: Math.min(size.height, Math.floor(area.height * share)),
});

const centred = (size: Size, area: Rectangle): Rectangle => ({
  x: area.x + Math.round((area.width - size.width) / 2),
  y: area.y + Math.round((area.height - size.height) / 2),
  ...size,
});

const pushedInto = (place: Rectangle, area: Rectangle): Rectangle => ({
  ...place,
  x: Math.min(Math.max(place.x, area.x), area.x + area.width - place.width),
  y: Math.min(Math.max(place.y, area.y), area.y + area.height - place.height),
});

/** The upper edge decides: a window whose title bar is out of reach cannot be moved back. */
function canBeGrabbed(place: Rectangle, area: Rectangle): boolean {
  const visibleWidth = Math.min(place.x + place.width, area.x + area.width) - Math.max(place.x, area.x);
  return visibleWidth >= GRIP.width && place.y >= area.y && place.y + GRIP.height <= area.y + area.height;
}

function overlap(one: Rectangle, other: Rectangle): number {
  const width = Math.min(one.x + one.width, other.x + other.width) - Math.max(one.x, other.x);
  const height = Math.min(one.y + one.height, other.y + other.height) - Math.max(one.y, other.y);
  return Math.max(0, width) * Math.max(0, height);
}
