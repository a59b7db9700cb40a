/**
 * Numbers and times as a person of the page's language reads them. VRAM is counted in GiB but labelled "GB", as the card's box, nvidia-smi's users
 * and ComfyUI itself do: a 24 GB card must read 24.0 GB.
 */
import { locale, words } from '../words.ts';

const BYTES_PER_GB = 2 ** 30;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const wholeFormat = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
const tenthsFormat = new Intl.NumberFormat(locale, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const percentFormat = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });

/** One decimal below 100 GB, none above and for nothing at all; the unit is left out with `unit: false`. */
export function formatVram(bytes: number, options: { readonly unit?: boolean } = {}): string {
  const gigabytes = bytes / BYTES_PER_GB;
  const number = (bytes === 0 || gigabytes >= 99.95 ? wholeFormat : tenthsFormat).format(gigabytes);
  return options.unit === false ? number : `${number} GB`;
}

export const formatPercent = (percent: number): string => percentFormat.format(percent / 100);
export const formatTemperature = (celsius: number): string => `${Math.round(celsius)} °C`;
export const formatPower = (watts: number): string => `${Math.round(watts)} W`;
/** `340 Wh`, `1.2 kWh`. */
export const formatEnergy = (wattHours: number): string =>
  wattHours < 999.5 ? `${wholeFormat.format(wattHours)} Wh` : `${tenthsFormat.format(wattHours / 1000)} kWh`;
export const formatCount = (count: number): string => wholeFormat.format(count);

/** Of a file, as file managers count: `840 B`, `1.2 MB`. */
export function formatFileSize(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'] as const;
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  const number = bytes / 1000 ** power;
  return `${(power === 0 || number >= 100 ? wholeFormat : tenthsFormat).format(number)} ${units[power]}`;
}

/** A span in the two greatest units that matter: `8 s`, `12 min`, `2 h 5 min`, `3 d 4 h`. Negative spans read as `0 s`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const { second, minute, hour, day } = words.unit;
  if (whole < MINUTE) return `${whole} ${second}`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)} ${minute}`;
  const [big, bigUnit, small, smallUnit] =
    whole < DAY
      ? [Math.floor(whole / HOUR), hour, Math.floor((whole % HOUR) / MINUTE), minute]
      : [Math.floor(whole / DAY), day, Math.floor((whole % DAY) / HOUR), hour];
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

/** A setting's span exactly, for the words beside its field: `90 s` reads `1 min 30 s`. */
export function formatExactDuration(seconds: number): string {
  const parts: string[] = [];
  const { second, minute, hour, day } = words.unit;
  let rest = Math.max(0, Math.round(seconds));
  for (const [size, unit] of [
    [DAY, day],
    [HOUR, hour],
    [MINUTE, minute],
    [1, second],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count} ${unit}`);
  }
  return parts.length === 0 ? `0 ${second}` : parts.join(' ');
}

/** What is left, ticking: `0:07`, `4:32`, `1:05:09`. Rounds up, so that it reads 0:00 only when the time has come. */
export function formatCountdown(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  const twoDigits = (value: number): string => String(value).padStart(2, '0');
  const minutes = Math.floor((whole % HOUR) / MINUTE);
  const hours = Math.floor(whole / HOUR);
  return hours > 0
    ? `${hours}:${twoDigits(minutes)}:${twoDigits(whole % MINUTE)}`
    : `${minutes}:${twoDigits(whole % MINUTE)}`;
}

const clockFormat = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
const clockSecondsFormat = new Intl.DateTimeFormat(locale, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const weekdayFormat = new Intl.DateTimeFormat(locale, { weekday: 'short' });
const dateFormat = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });

/** @param at epoch milliseconds */
export const formatClock = (at: number): string => clockFormat.format(at);
/** @param at epoch milliseconds */
export const formatClockSeconds = (at: number): string => clockSecondsFormat.format(at);

const localDay = (at: number): number => {
  const date = new Date(at);
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate()) / (DAY * 1000);
};

/** The time of day, with the day when it is not today: `15:42`, `tomorrow 07:00`, `Sat 07:00`, `3 Nov 07:00`. Epoch milliseconds. */
export function formatMoment(at: number, now: number): string {
  const days = localDay(at) - localDay(now);
  const clock = formatClock(at);
  if (days === 0) return clock;
  if (days === 1) return words.moment.tomorrow(clock);
  if (days === -1) return words.moment.yesterday(clock);
  return Math.abs(days) < 7 ? `${weekdayFormat.format(at)} ${clock}` : `${dateFormat.format(at)} ${clock}`;
}

const dateTimeFormat = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
/** @param at epoch milliseconds */
export const formatDateTime = (at: number): string => dateTimeFormat.format(at);
