/** Offers the installations found on this computer beside the folder field. */
import { useQuery } from '@tanstack/react-query';
import type { Installation } from '../../contract/doctor.ts';
import { fetchInstallations } from '../api.ts';
import { keys } from '../live-cache.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import styles from './FoundInstallations.module.css';

export function FoundInstallations({
  folder,
  disabled,
  onUse,
}: {
  /** The one in use: it is not offered again. */
  folder: string;
  disabled: boolean;
  onUse: (installation: Installation) => void;
}) {
  const { data } = useQuery({ queryKey: keys.installations, queryFn: fetchInstallations });
  const others = data?.filter((installation) => installation.folder !== folder) ?? [];
  if (others.length === 0) return null;
  return (
    <details className={styles.found} open={folder === '' || undefined}>
      <summary className={styles.title}>{words.settings.found(others.length)}</summary>
      <ul className={styles.list}>
        {others.map((installation) => (
          <li key={installation.folder} className={styles.place}>
            <span className={styles.folder}>
              {installation.folder}
              <span className={styles.kind}>
                {words.setup.kind[installation.kind]}
                {installation.version !== null && ` · ${words.facts.comfyui(installation.version)}`}
              </span>
            </span>
            <Button
              disabled={disabled}
              aria-label={words.settings.chooseFolder(installation.folder)}
              onClick={() => onUse(installation)}
            >
              {words.settings.useThis}
            </Button>
          </li>
        ))}
      </ul>
    </details>
  );
}
