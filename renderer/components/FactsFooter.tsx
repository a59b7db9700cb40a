/** The dry facts, small at the end: versions, process, address, folders. */
import type { ReactNode } from 'react';
import type { Status } from '../../contract/status.ts';
import { useNow } from '../hooks/live.tsx';
import { formatDuration } from '../lib/format.ts';
import { words } from '../words.ts';
import styles from './FactsFooter.module.css';

export function FactsFooter({ status }: { status: Status }) {
  const { installation, gateway, engine } = status;
  return (
    <footer className={styles.footer}>
      <h2 className="visuallyHidden">{words.facts.heading}</h2>
      <dl className={styles.facts}>
        {installation.configured && (
          <Fact name={words.facts.comfyui(installation.comfyuiVersion)}>{installation.label}</Fact>
        )}
        {status.pid !== null && (
          <Fact name={words.facts.process}>
            {status.pid}
            {status.port !== null && `, ${words.facts.privatePort} ${status.port}`}
          </Fact>
        )}
        {status.state === 'running' && (
          <Fact name={words.facts.up}>
            <UpTime since={status.since} />
          </Fact>
        )}
        <Fact name={words.facts.address}>
          {gateway.url}
          {gateway.sockets > 0 && `, ${words.facts.tabs(gateway.sockets)}`}
        </Fact>
        <Fact name={words.facts.data}>{engine.dataFolder}</Fact>
        <Fact name={words.facts.stoker}>{status.version}</Fact>
      </dl>
    </footer>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function UpTime({ since }: { since: string }) {
  return formatDuration((useNow() - Date.parse(since)) / 1000);
}
