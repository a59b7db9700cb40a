/** Spending against a limit, as parts of a bar: what is booked, what is held for jobs in flight, what is left. Pure. */

export interface SpendBar {
  /** Shares of the limit in percent; together at most 100. */
  readonly booked: number;
  readonly reserved: number;
  readonly tone: 'calm' | 'near' | 'reached';
}

const NEAR_PERCENT = 80;

/** Micro dollars. @param spent with what is held in it */
export function spendBar(spent: number, reserved: number, cap: number): SpendBar {
  if (cap === 0) return { booked: 100, reserved: 0, tone: 'reached' };
  const total = Math.min(100, (spent / cap) * 100);
  const held = Math.min(total, (Math.min(reserved, spent) / cap) * 100);
  const tone = spent >= cap ? 'reached' : total >= NEAR_PERCENT ? 'near' : 'calm';
  return { booked: total - held, reserved: held, tone };
}
