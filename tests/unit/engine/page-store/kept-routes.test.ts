import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALWAYS_ASKED, keptName, touchedBy } from '../../../../engine/page-store/kept-routes.ts';

const ask = (target: string, user = '', isApi = false) =>
  keptName({ route: target.split('?')[0] ?? target, target, isApi, user });

describe('the name of a kept answer', () => {
  it('is one for every way of asking the same', () => {
    const pairs = fc.uniqueArray(fc.tuple(fc.stringMatching(/^[a-z]{1,5}$/), fc.string({ maxLength: 5 })), {
      selector: ([name]) => name,
      maxLength: 5,
    });
    fc.assert(
      fc.property(pairs, fc.boolean(), (query, isApi) => {
        const text = (entries: typeof query) => `/userdata?${new URLSearchParams(entries)}`;
        expect(ask(text(query), 'a', isApi)?.key).toBe(ask(text([...query].reverse()), 'a', !isApi)?.key);
      }),
    );
  });

  it('of what belongs to a person is another for every person', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.string(),
        fc.constantFrom('/settings', '/userdata/a', '/user.css'),
        (a, b, target) => {
          expect(ask(target, a)?.key === ask(target, b)?.key).toBe(a === b);
        },
      ),
    );
  });

  it.each(['/global_subgraphs', '/node_replacements', '/favicon.ico', '/userdata/a'])(
    'a newer page on an older ComfyUI does not wake it with %s, which that one does not have',
    (target) => {
      expect(ask(target)?.keepsMissing).toBe(true);
    },
  );

  it('of a missing file is not kept: it may be there a moment later', () => {
    expect(ask('/extensions/node/script.js')?.keepsMissing).toBe(false);
  });

  it('of what belongs to nobody is the same for all', () => {
    expect(ask('/object_info', 'alice')).toEqual(ask('/object_info', 'bob'));
  });

  it.each([
    '/internal/logs',
    '/internal/files/output',
    '/view?filename=a.png',
    '/prompt',
    '/queue',
    '/history',
    '/jobs',
    '/ws',
    '/some-node/secret',
    '/settingsX',
    '/experiment/models/preview/checkpoints/0/a.png',
    '/customnode/getlist',
    '/manager/queue/status',
  ])('does not exist for %s', (target) => {
    expect(ask(target)).toBeNull();
  });

  it('does not exist for a file below /api, where ComfyUI has none', () => {
    expect(ask('/assets/a.js', '', true)).toBeNull();
    expect(ask('/assets/a.js')).not.toBeNull();
  });

  it('exists for everything that is asked for after a wake', () => {
    for (const target of ALWAYS_ASKED) expect(ask(target), target).not.toBeNull();
  });
});

describe('a write', () => {
  it.each([
    ['/settings/Comfy.Theme', '/settings', true],
    ['/settings', '/settings/Comfy.Theme', true],
    ['/settings', '/userdata/a', false],
    ['/userdata/workflows%2Fa.json', '/userdata?dir=workflows', true],
    ['/userdata/a/move/b', '/userdata/b', true],
    ['/upload/image', '/object_info', true],
    ['/prompt', '/object_info', false],
  ])('to %s touches %s: %s', (route, target, expected) => {
    expect(touchedBy({ route })(target)).toBe(expected);
  });
});
