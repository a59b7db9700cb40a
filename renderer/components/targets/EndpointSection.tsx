/** The RunPod endpoints of the page of targets: the list, the form that adds one or changes it, and what to do without any. */
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import type { TargetStatus } from '../../../contract/targets.ts';
import { useEditing } from '../../hooks/editing.ts';
import { keys } from '../../live-cache.ts';
import { fetchEndpoints } from '../../targets-api.ts';
import { words } from '../../words.ts';
import { Button } from '../Button.tsx';
import { CancelRemote } from './CancelRemote.tsx';
import { EndpointEntry } from './EndpointEntry.tsx';
import { EndpointForm } from './EndpointForm.tsx';
import { NoEndpoints } from './NoEndpoints.tsx';
import { TargetSection } from './TargetSection.tsx';

/** @param statusOf a target by name */
export function EndpointSection({
  statusOf,
  live,
}: {
  statusOf: (name: string) => TargetStatus | undefined;
  live: boolean;
}) {
  const reading = useQuery({ queryKey: keys.endpoints, queryFn: fetchEndpoints });
  const { editing, added, add, change, done } = useEditing();
  const told = words.endpoints;
  const endpoints = reading.data ?? [];
  const cancel = () => done(null);
  return (
    <TargetSection
      heading={told.heading}
      intro={endpoints.length === 0 ? null : told.intro}
      failed={told.failed}
      reading={reading}
      actions={
        endpoints.length > 0 && (
          <>
            <CancelRemote disabled={!live} />
            <Button icon={<Plus aria-hidden />} disabled={!live || editing.kind === 'new'} onClick={add}>
              {told.add}
            </Button>
          </>
        )
      }
      form={
        editing.kind === 'new' ? (
          <EndpointForm taken={endpoints.map(({ name }) => name)} onDone={done} onCancel={cancel} />
        ) : null
      }
      empty={<NoEndpoints disabled={!live} onAdd={add} />}
      entries={endpoints.map((endpoint) => ({
        name: endpoint.name,
        entry:
          editing.kind === 'change' && editing.name === endpoint.name ? (
            <EndpointForm endpoint={endpoint} onDone={cancel} onCancel={cancel} />
          ) : (
            <EndpointEntry
              endpoint={endpoint}
              status={statusOf(endpoint.name)}
              isNew={added === endpoint.name}
              live={live}
              onEdit={() => change(endpoint.name)}
            />
          ),
      }))}
    />
  );
}
