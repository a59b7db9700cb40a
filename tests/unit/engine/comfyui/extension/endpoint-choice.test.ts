/** Where a press of the button goes. */
import { describe, expect, it } from 'vitest';
import { type Endpoint, EndpointSchema } from '../../../../../contract/endpoints.ts';
import { chooseEndpoint } from '../../../../../engine/comfyui/extension/endpoint-choice.ts';

const endpoint = (name: string, changes: Partial<Endpoint> = {}): Endpoint => ({
  ...EndpointSchema.parse({
    name,
    endpointId: 'e',
    microDollarsPerSecond: 310,
    hasKey: true,
    paused: null,
    spend: { today: 0, month: 0, reserved: 0 },
  }),
  ...changes,
});

describe('the choice', () => {
  it('is none without endpoints', () => {
    expect(chooseEndpoint([], 'a')).toEqual({ kind: 'none' });
  });

  it('is the only one, with price and worst cost', () => {
    expect(chooseEndpoint([endpoint('a')], null)).toEqual({
      kind: 'use',
      option: {
        name: 'a',
        price: '$0.00031 a second, at most $0.1860 for this job',
        mostMicroDollars: 186_000,
        blocked: null,
        remark: null,
      },
    });
  });

  it('tells the worst by the cap of a job where that is lower', () => {
    const choice = chooseEndpoint([endpoint('a', { capPerJob: 31_000, microDollarsPerSecond: 1000 })], null);
    expect(choice).toMatchObject({
      option: { mostMicroDollars: 31_000, price: '$0.001 a second, at most $0.0310 for this job' },
    });
    expect(chooseEndpoint([endpoint('a', { capPerJob: 0 })], null)).toMatchObject({
      option: { mostMicroDollars: 0, remark: expect.stringMatching(/^It would wait: A job may cost/) },
    });
  });

  it('is no one that is paused or has no key, and says why', () => {
    expect(
      chooseEndpoint([endpoint('a', { paused: 'it failed thrice.' }), endpoint('b', { hasKey: false })], null),
    ).toEqual({
      kind: 'blocked',
      reasons: ['a: Paused: it failed thrice.', 'b: It has no API key.'],
    });
  });

  it('of several is asked, with the last one marked when it can be used', () => {
    const several = [endpoint('a', { paused: 'x' }), endpoint('b'), endpoint('c')];
    const preselected = (last: string | null) => {
      const choice = chooseEndpoint(several, last);
      return choice.kind === 'pick' ? [choice.preselected, choice.options.length] : choice;
    };
    expect([null, 'a', 'c', 'gone'].map(preselected)).toEqual([
      ['b', 3],
      ['b', 3],
      ['c', 3],
      ['b', 3],
    ]);
  });

  it('a limit that is reached is a remark, not a refusal: running jobs may free it', () => {
    const spend = { today: 500_000, month: 500_000, reserved: 400_000 };
    expect(chooseEndpoint([endpoint('a', { capPerDay: 600_000, spend })], null)).toMatchObject({
      kind: 'use',
      option: { remark: expect.stringMatching(/It would wait: The limit of \$0\.6000 a day/) },
    });
  });
});
