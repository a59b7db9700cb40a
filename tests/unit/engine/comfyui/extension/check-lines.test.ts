import { describe, expect, it } from 'vitest';
import type { JobCheck } from '../../../../../contract/job-check.ts';
import { checkLines } from '../../../../../engine/comfyui/extension/check-lines.ts';

const check: JobCheck = {
  target: 'pod',
  ok: true,
  problems: [],
  warnings: [],
  files: [],
  requestBytes: 100,
  limitBytes: 1000,
  nodeTypes: [],
  models: [],
  missingNodeTypes: [],
  missingModels: [],
  estimate: null,
  worstMicroDollars: 300_000,
};
const problem = (code: string, message: string) => ({ code, message, next: '' });

describe('an endpoint in the picker', () => {
  it('tells time and cost by what was learnt, and says when nothing was', () => {
    expect(checkLines(check).lines).toEqual(['Nothing like it has run there yet.']);
    const told = (seconds: number, runs: number) =>
      checkLines({ ...check, estimate: { seconds, microDollars: Math.ceil(seconds * 310), runs } }).lines;
    expect(told(12.4, 5)).toEqual(['About 12 s, $0.0038, by 5 earlier runs']);
    expect(told(0.2, 1)).toEqual(['About 1 s, $0.0001, by 1 earlier run']);
    expect(told(600, 2)).toEqual(['About 10 min, $0.1860, by 2 earlier runs']);
  });

  it('cannot be chosen when it lacks something, and can when only its limit is reached', () => {
    const lacking = problem('missing_on_endpoint', 'pod is known to lack the nodes Foo.');
    expect(checkLines({ ...check, ok: false, problems: [lacking] })).toEqual({
      lines: ['Nothing like it has run there yet.', 'pod is known to lack the nodes Foo.'],
      blocked: true,
    });
    expect(checkLines({ ...check, ok: false, problems: [problem('budget_reached', 'The limit')] }).blocked).toBe(false);
  });
});
