/** The shell's own preferences: read once, kept current by its events, changed at once. In a browser there are none. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Preferences, PreferencesPatch, UpdateState } from '../../contract/desktop.ts';
import { type Desktop, desktop } from '../desktop.ts';
import { keys } from '../live-cache.ts';

/** Called where the page knows that there is a shell. */
function shell(): Desktop {
  if (desktop === null) throw new Error('there is no desktop shell around this page');
  return desktop;
}

export function usePreferences() {
  const cache = useQueryClient();
  const read = useQuery({ queryKey: keys.preferences, queryFn: () => shell().ask('getPreferences', null) });
  useEffect(
    () => desktop?.on('preferences', (preferences) => cache.setQueryData<Preferences>(keys.preferences, preferences)),
    [cache],
  );
  const change = useMutation({
    mutationFn: (patch: PreferencesPatch) => shell().ask('changePreferences', patch),
    onSuccess: ({ preferences }) => cache.setQueryData<Preferences>(keys.preferences, preferences),
  });
  return { preferences: read.data, failed: read.isError, change };
}

export function useUpdate() {
  const cache = useQueryClient();
  const { data } = useQuery({ queryKey: keys.update, queryFn: () => shell().ask('getUpdate', null) });
  useEffect(() => desktop?.on('update', (update) => cache.setQueryData<UpdateState>(keys.update, update)), [cache]);
  const check = useMutation({
    mutationFn: () => shell().ask('checkForUpdate', null),
    onSuccess: (update) => cache.setQueryData<UpdateState>(keys.update, update),
  });
  const install = useMutation({ mutationFn: () => shell().ask('installUpdate', null) });
  return { update: data, check, install };
}
