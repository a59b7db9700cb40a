/** Targets that come and go while jobs do (a removed endpoint must not have a paid job left on it that nobody follows). */
import { expect, it } from 'vitest';
import { createListeners } from '../../../../engine/platform/listeners.ts';
import { createNamedTargets } from '../../../../engine/targets/named-targets.ts';

function room() {
  const rows = new Map<string, { name: string; most: number }>();
  const keys = new Map<string, string>();
  const keyChanges = createListeners<string>();
  const held = new Map<string, number>();
  const told: string[] = [];
  const targets = createNamedTargets(
    'endpoint',
    {
      store: {
        list: () => [...rows.values()],
        find: (name) => rows.get(name) ?? null,
        save: (name, { most }: { most: number }) => void rows.set(name, { name, most }),
        remove: (name) => void rows.delete(name),
      },
      group: {
        // Written in a later turn, as on a disk.
        commit: (work) => new Promise((resolve) => setImmediate(resolve)).then(work),
        flush: () => undefined,
      },
      secrets: {
        value: (name) => keys.get(name) ?? null,
        save: (name) => void keys.delete(name),
        onChange: keyChanges.add,
      },
      isNameTaken: (name) => name === 'local',
    },
    (name) => ({
      name,
      offer: () => ({ free: 1, load: 0, refusal: null }),
      onChange: () => () => undefined,
      run: async () => ({ kind: 'detached' as const }),
      changed: () => told.push(name),
      held: () => held.get(name) ?? 0,
      close: () => told.push(`${name} closed`),
    }),
  );
  return { targets, held, told, keys, keyChanges };
}

it('is not removed when a job was given to it while the removal waited for the disk', async () => {
  const { targets, held, keys } = room();
  await targets.save('pod', { most: 1 });
  keys.set('endpoint.pod.key', 'secret');
  const removal = targets.remove('pod');
  held.set('pod', 1);
  await expect(removal).rejects.toMatchObject({ code: 'endpoint_busy', details: { name: 'pod' } });
  expect([targets.list().length, targets.key('pod')]).toEqual([1, 'secret']);
  held.set('pod', 0);
  await targets.remove('pod');
  expect([targets.list().length, targets.key('pod')]).toEqual([0, null]);
  await expect(targets.remove('pod')).rejects.toMatchObject({ code: 'endpoint_unknown' });
});

it('hears of its key by its name, and of nobody else’s', async () => {
  const { targets, told, keyChanges } = room();
  await targets.save('pod', { most: 1 });
  await targets.save('tower', { most: 1 });
  told.length = 0;
  keyChanges.notify('endpoint.tower.key');
  keyChanges.notify('server.pod.key');
  expect(told).toEqual(['tower']);
});

it('takes no name of another kind, and a change of what was removed meanwhile brings nothing back', async () => {
  const { targets } = room();
  await expect(targets.save('local', { most: 1 })).rejects.toMatchObject({ code: 'target_name_taken' });
  await targets.save('pod', { most: 1 });
  await targets.remove('pod');
  await expect(targets.change('pod', () => undefined)).rejects.toMatchObject({ code: 'endpoint_unknown' });
  expect(targets.list()).toEqual([]);
});
