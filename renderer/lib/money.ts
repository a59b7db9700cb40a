/** US dollars as a person reads and types them; everywhere else money is whole millionths (micro dollars). Pure. */
import { locale } from '../words.ts';

const MICRO = 1_000_000;

const format = (digits: number): Intl.NumberFormat =>
  new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: 'USD',
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  });
const cents = format(2);
/** RunPod charges fractions of a cent. */
const fractions = format(6);
const small = format(4);

/** Cents; below ten cents four decimals, so that a first job does not read as nothing. */
export const formatMoney = (microDollars: number): string =>
  (microDollars !== 0 && microDollars < MICRO / 10 ? small : cents).format(microDollars / MICRO);

/** A price per second, to its last digit. */
export const formatExactMoney = (microDollars: number): string => fractions.format(microDollars / MICRO);

/**
 * A comma is a decimal point to half of Europe.
 * @param per what the amount is divided by: 3600 for a price per hour that is kept per second
 * @returns micro dollars, rounded to the nearest; null when it is no amount
 */
export function readMoney(typed: string, per = 1): number | null {
  const text = typed.trim().replace(/^\$|\s*\$$/g, '');
  if (!/^\d+([.,]\d*)?$|^[.,]\d+$/.test(text)) return null;
  return Math.round((Number(text.replace(',', '.')) * MICRO) / per);
}

/** As `readMoney` reads it, with the decimal point of the page's language and no zeros at the end. */
export function typedMoney(microDollars: number, per = 1): string {
  const point = fractions.formatToParts(0.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  return String(Number(((microDollars * per) / MICRO).toFixed(6))).replace('.', point);
}
