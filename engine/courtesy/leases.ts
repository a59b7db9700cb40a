/** Who asked for the card by name, and until when. Keeps the list; what follows from it is courtesy.ts. Times are epoch milliseconds. */
import { randomUUID } from 'node:crypto';
import { AppError } from '../platform/app-error.ts';
import type { StoredLease } from './courtesy-store.ts';

export interface LeaseWish {
  readonly owner: string;
  readonly reason: string;
  readonly seconds: number;
}

export interface Leases {
  /** Those that have not run out; the oldest first. */
  held(now: number): readonly StoredLease[];
  /** @throws AppError lease_not_found */
  find(id: string, now: number): StoredLease;
  /** @throws AppError invalid_request when there are too many */
  add(wish: LeaseWish, now: number): StoredLease;
  /** Counted from now on. @throws AppError lease_not_found */
  renew(id: string, seconds: number, now: number): StoredLease;
  /** @throws AppError lease_not_found */
  end(id: string, now: number): void;
  endAll(): void;
}

const MOST_LEASES = 20;

/** @param stored those of an earlier engine */
export function createLeases(stored: readonly StoredLease[]): Leases {
  let leases = stored;

  function held(now: number): readonly StoredLease[] {
    if (leases.some(({ until }) => until <= now)) leases = leases.filter(({ until }) => until > now);
    return leases;
  }

  function find(id: string, now: number): StoredLease {
    const lease = held(now).find((each) => each.id === id);
    if (lease === undefined) throw new AppError('lease_not_found', `There is no lease ${id}.`, { details: { id } });
    return lease;
  }

  return {
    held,
    find,
    add({ owner, reason, seconds }, now) {
      if (held(now).length >= MOST_LEASES) {
        throw new AppError('invalid_request', `${MOST_LEASES} leases are held already; give one back first.`);
      }
      const lease = { id: randomUUID(), owner, reason, since: now, until: now + seconds * 1000 };
      leases = [...leases, lease];
      return lease;
    },
    renew(id, seconds, now) {
      const renewed = { ...find(id, now), until: now + seconds * 1000 };
      leases = leases.map((each) => (each.id === id ? renewed : each));
      return renewed;
    },
    end(id, now) {
      find(id, now);
      leases = leases.filter((each) => each.id !== id);
    },
    endAll() {
      leases = [];
    },
  };
}
