/** The picture that a running job paints just now; nothing where none is to be had. */
import { useEffect, useState } from 'react';
import { useJobPreview } from '../hooks/job-list.ts';
import { words } from '../words.ts';
import styles from './JobPreview.module.css';

export function JobPreview({ id, size }: { id: string; size: 'row' | 'queue' | 'page' }) {
  const address = useObjectUrl(useJobPreview(id));
  return address === null ? null : (
    <img className={styles.preview} data-size={size} src={address} alt={words.jobs.preview} />
  );
}

function useObjectUrl(blob: Blob | null): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (blob === null) {
      setAddress(null);
      return undefined;
    }
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return address;
}
