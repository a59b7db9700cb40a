/** What a job was made of: the files and models it names, its nodes, and the workflow to take along. */
import { Download } from 'lucide-react';
import { useMemo } from 'react';
import type { Job } from '../../contract/jobs.ts';
import { nodeTypes, workflowFiles } from '../lib/workflow-files.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { CopyButton } from './CopyButton.tsx';
import styles from './JobInputs.module.css';
import { Section } from './Section.tsx';

export function JobInputs({ job }: { job: Job }) {
  const { workflow } = job;
  const { inputs, models } = useMemo(() => workflowFiles(workflow), [workflow]);
  const types = useMemo(() => nodeTypes(workflow), [workflow]);
  const said = words.jobs.page;
  const text = (): string => JSON.stringify(workflow, null, 2);
  return (
    <>
      <Section title={said.inputs}>
        {inputs.length + models.length === 0 && <p className={styles.muted}>{said.noInputs}</p>}
        <Files title={said.inputFiles} names={inputs} />
        <Files title={said.models} names={models} />
      </Section>
      <Section title={said.workflow}>
        <p className={styles.muted}>{types.map(([type, count]) => said.nodesByType(type, count)).join(', ')}</p>
        <div className={styles.actions}>
          <CopyButton text={text} label={said.copyWorkflow} weight="plain" />
          <Button icon={<Download aria-hidden />} onClick={() => download(`${job.title ?? job.id}.json`, text())}>
            {said.downloadWorkflow}
          </Button>
        </div>
      </Section>
    </>
  );
}

function Files({ title, names }: { title: string; names: readonly string[] }) {
  return names.length === 0 ? null : (
    <div className={styles.files}>
      <h3 className={styles.heading}>{title}</h3>
      <ul>
        {names.map((name) => (
          <li key={name}>
            <code className={styles.name}>{name}</code>
          </li>
        ))}
      </ul>
    </div>
  );
}

function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = name.replaceAll(/[\\/:*?"<>|]/g, '_');
  link.click();
  URL.revokeObjectURL(address);
}
