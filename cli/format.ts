/** Spans, sizes and moments: as people read them, and as they type them. Pure. */

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };
/** The most `keep-awake` takes (contract/manager-api.ts). */
const LONGEST_SECONDS = 7 * 86_400;

/** `90m`, `1h30m`, `2d` in seconds; null for anything else, for nothing at all and for more than seven days. */
export function parseDuration(text: string): number | null {
  if (!/^(\d+[smhd])+$/i.test(text)) return null;
  const seconds = [...text.toLowerCase().matchAll(/(\d+)([smhd])/g)]
    .map(([, count, unit]) => Number(count) * (SECONDS[unit ?? ''] ?? 0))
    .reduce((sum, part) => sum + part, 0);
  return seconds >= 1 && seconds <= LONGEST_SECONDS ? seconds : null;
}

/** The two greatest units: `45 s`, `4 min 5 s`, `3 h 10 min`, `2 d 4 h`. */
export function formatDuration(seconds: number): string {
  const total = Math.max(0, Math.round(seconds));
  const parts = [
    [Math.floor(total / 86_400), 'd'],
    [Math.floor(total / 3600) % 24, 'h'],
    [Math.floor(total / 60) % 60, 'min'],
    [total % 60, 's'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  if (first < 0) return '0 s';
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(' ');
}

/** Counted in 2³⁰ bytes and called GB, as on the card's box. */
export function formatGigabytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

/** Local time, with the day when it is not today. */
export function formatMoment(iso: string, now: number): string {
  const at = new Date(iso);
  const time = `${String(at.getHours()).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}`;
  return at.toDateString() === new Date(now).toDateString() ? time : `${at.toDateString().slice(0, 10)} ${time}`;
}

const MORNING_HOUR = 7;
/** "Until tomorrow" said at 2 at night means the morning that comes. */
const NIGHT_ENDS_HOUR = 5;

/** The next morning at 7:00 local time, as the dashboard means it; epoch milliseconds. */
export function tomorrowMorning(now: number): number {
  const morning = new Date(now);
  if (morning.getHours() >= NIGHT_ENDS_HOUR) morning.setDate(morning.getDate() + 1);
  return morning.setHours(MORNING_HOUR, 0, 0, 0);
}
