/** The places where jobs run besides this computer: RunPod endpoints and other servers, with how each is and what can be done with it. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { Status } from '../../contract/status.ts';
import { PageHead } from '../components/PageHead.tsx';
import { EndpointSection } from '../components/targets/EndpointSection.tsx';
import { ServerSection } from '../components/targets/ServerSection.tsx';
import { usePageVisible } from '../hooks/page-visibility.ts';
import { keys } from '../live-cache.ts';
import { fetchTargets } from '../targets-api.ts';
import { words } from '../words.ts';
import styles from './TargetsPage.module.css';

/** No event tells that a target has trouble. */
const LOOK_MS = 5000;

/** @param live false while the engine is unreachable: nothing can be asked of it then */
export function TargetsPage({ status, live }: { status: Status | undefined; live: boolean }) {
  const cache = useQueryClient();
  const isVisible = usePageVisible();
  const { data: targets } = useQuery({
    queryKey: keys.targets,
    queryFn: fetchTargets,
    enabled: live,
    refetchInterval: isVisible ? LOOK_MS : false,
    retry: false,
  });
  // What is spent and held changes with the jobs, and the status tells of every such change.
  const jobs = JSON.stringify(status?.jobs);
  useEffect(() => {
    if (jobs === undefined) return;
    for (const queryKey of [keys.endpoints, keys.targets]) void cache.invalidateQueries({ queryKey });
  }, [cache, jobs]);
  const statusOf = (name: string) => targets?.find((target) => target.name === name);
  return (
    <div className={styles.page}>
      <PageHead title={words.targets.heading} line={words.targets.intro} />
      <EndpointSection statusOf={statusOf} live={live} />
      <ServerSection statusOf={statusOf} live={live} />
    </div>
  );
}
