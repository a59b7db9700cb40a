/**
 * Targets that a person adds, changes and removes by name, each with a key among the secrets: what servers and endpoints have in common.
 * Knows nothing of what they are.
 */
import type { ErrorCode } from '../../contract/errors.ts';
import type { GroupCommit } from '../jobs/group-commit.ts';
import { AppError } from '../platform/app-error.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';
import type { TargetElsewhere } from './target-elsewhere.ts';

export interface NamedTargetsDeps<Stored, Body> {
  readonly store: {
    list(): readonly (Stored & { readonly name: string })[];
    find(name: string): Stored | null;
    save(name: string, body: Body): void;
    remove(name: string): void;
  };
  readonly group: GroupCommit;
  readonly secrets: {
    value(name: string): string | null;
    save(name: string, value: null, place: 'file'): void;
    onChange(listener: (name: string) => void): Unsubscribe;
  };
  /** Another kind of target has that name. */
  readonly isNameTaken: (name: string) => boolean;
}

export interface NamedTargets<Stored, Body, Each extends TargetElsewhere> {
  list(): Each[];
  target(name: string): Each | null;
  /** @throws AppError server_unknown, endpoint_unknown */
  existing(name: string): Stored;
  key(name: string): string | null;
  /** Adds it, or changes it. @throws AppError target_name_taken */
  save(name: string, body: Body): Promise<Stored>;
  /** Something of one is written anew. */
  change(name: string, write: () => void): Promise<Stored>;
  /** With its key. @throws AppError server_unknown, endpoint_unknown, server_busy, endpoint_busy while it has jobs under way */
  remove(name: string): Promise<void>;
  /** They came, went or changed, or their offers. */
  onChange(listener: () => void): Unsubscribe;
  close(): void;
}

/** @param kind also the first word of their keys' names: `endpoint.<name>.key` */
export function createNamedTargets<Stored, Body, Each extends TargetElsewhere>(
  kind: 'server' | 'endpoint',
  { store, group, secrets, isNameTaken }: NamedTargetsDeps<Stored, Body>,
  create: (name: string, facts: { readonly stored: () => Stored | null; readonly key: () => string | null }) => Each,
): NamedTargets<Stored, Body, Each> {
  const changed = createListeners<void>();
  const targets = new Map<string, Each>();
  const keyName = (name: string): string => `${kind}.${name}.key`;
  const key = (name: string): string | null => secrets.value(keyName(name));
  for (const { name } of store.list()) add(name);
  secrets.onChange((secret) => [...targets].find(([name]) => keyName(name) === secret)?.[1].changed());

  function add(name: string): void {
    const target = create(name, { stored: () => store.find(name), key: () => key(name) });
    // Also what it offers by itself: trouble, and the end of it.
    target.onChange(() => changed.notify());
    targets.set(name, target);
  }

  function refusal(code: ErrorCode, message: string, name: string): AppError {
    return new AppError(code, message, { details: { name } });
  }

  function existing(name: string): Stored {
    const stored = store.find(name);
    if (stored === null) throw refusal(`${kind}_unknown`, `There is no ${kind} "${name}".`, name);
    return stored;
  }

  async function change(name: string, write: () => void): Promise<Stored> {
    await group.commit(write);
    const stored = existing(name);
    if (!targets.has(name)) add(name);
    targets.get(name)?.changed();
    return stored;
  }

  return {
    list: () => [...targets.values()],
    target: (name) => targets.get(name) ?? null,
    existing,
    key,
    save: (name, body) =>
      change(name, () => {
        if (isNameTaken(name)) throw refusal('target_name_taken', `There is another target "${name}".`, name);
        store.save(name, body);
      }),
    change,
    async remove(name) {
      existing(name);
      const target = targets.get(name);
      // In the commit: a job that is given to it while this waits for its turn must not be left without its endpoint.
      await group.commit(() => {
        if ((target?.held() ?? 0) > 0) throw refusal(`${kind}_busy`, `${name} has jobs under way.`, name);
        store.remove(name);
      });
      secrets.save(keyName(name), null, 'file');
      targets.delete(name);
      target?.close();
      changed.notify();
    },
    onChange: (listener) => changed.add(listener),
    close() {
      for (const target of targets.values()) target.close();
    },
  };
}
