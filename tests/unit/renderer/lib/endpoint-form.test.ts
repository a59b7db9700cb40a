import { describe, expect, test } from 'vitest';
import { draftOf, type EndpointDraft, newDraft, readDraft } from '../../../../renderer/lib/endpoint-form.ts';
import { endpoint } from '../../../support/dashboard-targets.ts';

const filled = (changes: Partial<EndpointDraft> = {}): EndpointDraft => ({
  ...newDraft(),
  name: 'pod',
  endpointId: 'abc',
  price: '1.116',
  ...changes,
});
const problems = (changes: Partial<EndpointDraft>): object => {
  const reading = readDraft(filled(changes));
  return reading.kind === 'problems' ? reading.problems : {};
};

describe('what is typed', () => {
  test('becomes micro dollars a second, by hour or by second', () => {
    expect(readDraft(filled())).toMatchObject({ name: 'pod', body: { microDollarsPerSecond: 310, capPerDay: null } });
    expect(readDraft(filled({ price: '0,00031', priceUnit: 'second' }))).toMatchObject({
      body: { microDollarsPerSecond: 310 },
    });
  });

  test.each([
    [{ name: '' }, 'name'],
    [{ name: 'Pod' }, 'name'],
    [{ name: 'auto' }, 'name'],
    [{ endpointId: '' }, 'endpointId'],
    [{ endpointId: 'https://api.runpod.ai/v2/abc' }, 'endpointId'],
    [{ price: '' }, 'price'],
    [{ price: '-1' }, 'price'],
    [{ price: '1e3' }, 'price'],
    [{ price: '1.000,5' }, 'price'],
    [{ capPerDay: 'much' }, 'capPerDay'],
    [{ capPerMonth: '2000000' }, 'capPerMonth'],
    [{ maxJobs: '0' }, 'maxJobs'],
    [{ maxJobs: '1.5' }, 'maxJobs'],
    [{ executionTimeoutSeconds: '5' }, 'executionTimeoutSeconds'],
    [{ baseUrl: 'api.runpod.ai' }, 'baseUrl'],
  ])('%j is refused at its field alone', (changes, field) => {
    expect(Object.keys(problems(changes))).toEqual([field]);
  });
});

test.each([1, 310, 341, 1160, 999_999, 1_000_000])(
  'a price of %i micro dollars a second reads the same again',
  (price) => {
    const kept = endpoint({ microDollarsPerSecond: price, capPerJob: 1, capPerDay: 1_234_567, capPerMonth: null });
    expect(readDraft(draftOf(kept))).toMatchObject({
      body: { microDollarsPerSecond: price, capPerJob: 1, capPerDay: 1_234_567, capPerMonth: null },
    });
  },
);
