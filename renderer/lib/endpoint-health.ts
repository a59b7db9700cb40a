/** What the answer of an endpoint's test means to a person: who works, and what to do about what does not. Pure. */
import type { EndpointTest } from '../../contract/endpoints.ts';
import { words } from '../words.ts';
import { errorText } from './engine-sentences.ts';

export interface HealthWords {
  readonly tone: 'good' | 'warning' | 'danger';
  readonly sentence: string;
  /** The engine's own sentence: in English. */
  readonly detail: string | null;
  readonly advice: string | null;
}

export function healthWords({ ok, message, code, workers, queue }: EndpointTest): HealthWords {
  if (!ok) {
    const text = errorText(code ?? 'internal', message);
    return { tone: 'danger', sentence: text.message, detail: text.detail, advice: text.next };
  }
  const told = words.endpoints.test;
  const count = (state: string): number => workers[state] ?? 0;
  const known = Object.keys(told.worker) as (keyof typeof told.worker)[];
  const groups = known.filter((state) => count(state) > 0).map((state) => told.worker[state](count(state)));
  const waiting = queue === null ? '' : told.queue(queue.inQueue, queue.inProgress);
  const sentence = [told.answers, groups.length === 0 ? told.noWorkers : told.workers(groups), waiting]
    .filter(Boolean)
    .join(' ');
  if (count('unhealthy') > 0) return { tone: 'warning', sentence, detail: null, advice: told.unhealthy };
  if (count('throttled') > 0) return { tone: 'warning', sentence, detail: null, advice: told.throttled };
  return { tone: 'good', sentence, detail: null, advice: groups.length === 0 ? told.coldStart : null };
}
