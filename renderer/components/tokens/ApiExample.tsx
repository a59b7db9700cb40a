/** Two requests to the API port to copy: whether it answers, and a workflow sent. */
import { healthExample, submitExample } from '../../lib/api-example.ts';
import { words } from '../../words.ts';
import { CopyButton } from '../CopyButton.tsx';
import styles from './TokenPanel.module.css';

/** @param token a stand-in for it, unless one was just made */
export function ApiExample({ url, token }: { url: string; token: string }) {
  const told = words.tokens.example;
  return (
    <details>
      <summary className={styles.summary}>{told.heading}</summary>
      <Request what={told.health} command={healthExample(url, token)} />
      <Request what={told.submit} command={submitExample(url, token)} />
    </details>
  );
}

/** Kept whole when the line breaks: a dash at its end reads as nothing one could type. */
const argumentsOf = (command: string): readonly string[] => command.split(/ (?=-|http)/);

function Request({ what, command }: { what: string; command: string }) {
  return (
    <div className={styles.example}>
      <p>{what}</p>
      <code className={styles.command}>
        {argumentsOf(command).map((argument) => (
          <span key={argument} className={styles.argument}>
            {argument}{' '}
          </span>
        ))}
      </code>
      <CopyButton text={() => command} />
    </div>
  );
}
