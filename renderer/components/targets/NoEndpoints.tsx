/** What the page of endpoints says before there is one: what it is, how to get one, and the way on. */
import { ExternalLink, Plus } from 'lucide-react';
import { words } from '../../words.ts';
import { Button, buttonClass } from '../Button.tsx';
import styles from './NoEndpoints.module.css';

const RUNPOD = 'https://www.runpod.io/console/serverless';

export function NoEndpoints({ disabled, onAdd }: { disabled: boolean; onAdd: () => void }) {
  const told = words.endpoints.empty;
  return (
    <div className={styles.empty}>
      <h3 className={styles.heading}>{told.heading}</h3>
      <p>{told.what}</p>
      <h4 className={styles.how}>{told.how}</h4>
      <ol className={styles.steps}>
        {told.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <div className={styles.actions}>
        <Button weight="primary" icon={<Plus aria-hidden />} disabled={disabled} onClick={onAdd}>
          {words.endpoints.add}
        </Button>
        <a className={buttonClass('quiet')} href={RUNPOD} target="_blank" rel="noreferrer">
          {told.link}
          <ExternalLink aria-hidden />
          <span className="visuallyHidden">{words.opensNewTab}</span>
        </a>
      </div>
    </div>
  );
}
