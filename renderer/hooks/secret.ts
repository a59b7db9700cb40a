/** One secret: where it is kept, and saving or forgetting it, through the shell's key store or, in a browser, the engine's own file. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { SecretName, SecretPlace } from '../../contract/secrets.ts';
import { fetchSecrets, forgetSecret, saveSecret } from '../api.ts';
import { DesktopError, desktop } from '../desktop.ts';
import { keys, targetQueries } from '../live-cache.ts';

/** `keyStore`: the shell hands it to the engine's memory at each start. */
export type KeptIn = SecretPlace | 'keyStore';

interface Saving {
  readonly value: string;
  /** Where there is no key store: what the person chose. */
  readonly storage?: 'file' | 'memory';
}

export const needsStorageChoice = (error: unknown): boolean =>
  error instanceof DesktopError && error.code === 'no_key_store';

export function useSecret(name: SecretName) {
  const cache = useQueryClient();
  const { data } = useQuery({ queryKey: keys.secrets, queryFn: fetchSecrets });
  const place = data?.find((secret) => secret.name === name)?.place ?? null;
  // Settings and targets tell whether it is set, the other answer where.
  const onSuccess = () =>
    Promise.all(
      [keys.settings, keys.secrets, ...targetQueries].map((queryKey) => cache.invalidateQueries({ queryKey })),
    );

  const save = useMutation({
    async mutationFn({ value, storage }: Saving) {
      if (desktop === null) await saveSecret(name, value);
      else await desktop.ask('saveSecret', storage === undefined ? { name, value } : { name, value, storage });
    },
    onSuccess,
  });
  const forget = useMutation({
    mutationFn: () => (desktop === null ? forgetSecret(name) : desktop.ask('forgetSecret', { name })),
    onSuccess,
  });
  return { keptIn: keptIn(place), save, forget };
}

/** Null while unknown or not kept. */
function keptIn(place: SecretPlace | null): KeptIn | null {
  return place === 'memory' && desktop?.info.keyStore.available === true ? 'keyStore' : place;
}
