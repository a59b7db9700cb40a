/** Other ComfyUI servers on the page of targets: the list, the form that adds one or changes it, and what to do without any. */
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import type { TargetStatus } from '../../../contract/targets.ts';
import { useEditing } from '../../hooks/editing.ts';
import { keys } from '../../live-cache.ts';
import { fetchServers } from '../../targets-api.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { EmptyNote } from '../Section.tsx';
import { ServerEntry } from './ServerEntry.tsx';
import { ServerForm } from './ServerForm.tsx';
import { TargetSection } from './TargetSection.tsx';

/** @param statusOf a target by name */
export function ServerSection({
  statusOf,
  live,
}: {
  statusOf: (name: string) => TargetStatus | undefined;
  live: boolean;
}) {
  const reading = useQuery({ queryKey: keys.servers, queryFn: fetchServers });
  const { editing, added, add, change, done } = useEditing();
  const told = words.targets.servers;
  const servers = reading.data ?? [];
  const cancel = () => done(null);
  return (
    <TargetSection
      heading={told.heading}
      intro={told.intro}
      failed={told.failed}
      reading={reading}
      actions={
        <Button icon={<Plus aria-hidden />} disabled={!live || editing.kind === 'new'} onClick={add}>
          {told.add}
        </Button>
      }
      form={
        editing.kind === 'new' ? (
          <ServerForm taken={servers.map(({ name }) => name)} onDone={done} onCancel={cancel} />
        ) : null
      }
      empty={<EmptyNote>{told.empty}</EmptyNote>}
      entries={servers.map((server) => ({
        name: server.name,
        entry:
          editing.kind === 'change' && editing.name === server.name ? (
            <ServerForm server={server} onDone={cancel} onCancel={cancel} />
          ) : (
            <ServerEntry
              server={server}
              status={statusOf(server.name)}
              isNew={added === server.name}
              live={live}
              onEdit={() => change(server.name)}
            />
          ),
      }))}
    />
  );
}
