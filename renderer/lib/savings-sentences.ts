/** What is worth telling of savings and remote cost, as sentences. Pure. */
import type { Savings } from '../../contract/savings.ts';
import { words } from '../words.ts';
import { formatDuration, formatEnergy } from './format.ts';
import { formatMoney } from './money.ts';

/** Less is no news. */
const LEAST_ASLEEP_SECONDS = 600;

export function savingsSentences({ asleepSeconds, wattHours, remote }: Savings): string[] {
  const slept =
    asleepSeconds < LEAST_ASLEEP_SECONDS
      ? []
      : [
          words.savings.asleep(
            formatDuration(asleepSeconds),
            wattHours === null || wattHours < 1 ? null : formatEnergy(wattHours),
          ),
        ];
  const spent = remote.month === 0 ? [] : [words.savings.remote(formatMoney(remote.today), formatMoney(remote.month))];
  return [...slept, ...spent];
}
