/** What the sampler works on right now, as long as it shows something. Asked for while the page is looked at. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { fetchPreview } from '../jobs-api.ts';
import { keys } from '../live-cache.ts';
import { words } from '../words.ts';
import styles from './RunningPreview.module.css';

const EVERY_MS = 1000;

export function RunningPreview({ promptId }: { promptId: string }) {
  const { data } = useQuery({
    queryKey: keys.runningPreview(promptId),
    queryFn: () => fetchPreview(promptId),
    refetchInterval: EVERY_MS,
    gcTime: 0,
    retry: false,
  });
  const address = useObjectUrl(data ?? null);
  return address === null ? null : <img className={styles.picture} src={address} alt={words.queue.preview} />;
}

function useObjectUrl(picture: Blob | null): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = picture === null ? null : URL.createObjectURL(picture);
    setAddress(made);
    return () => {
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [picture]);
  return address;
}
