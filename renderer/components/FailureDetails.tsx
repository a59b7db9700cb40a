/** Why ComfyUI ended or did not start: who is suspected, what to do, and the last lines it printed. */
import type { Failure } from '../../contract/supervisor-state.ts';
import { PageLink } from '../hooks/navigation.tsx';
import { errorText } from '../lib/engine-sentences.ts';
import { engineLanguage, words } from '../words.ts';
import { CopyButton } from './CopyButton.tsx';
import styles from './FailureDetails.module.css';

export function FailureDetails({ error }: { error: Failure }) {
  const exit = words.state.exit(error.exitCode, error.signal);
  const { detail, next } = errorText(error.code, error.message);
  return (
    <div className={styles.failure}>
      <dl className={styles.facts}>
        {error.suspect !== null && (
          <div>
            <dt>{words.state.suspect}</dt>
            <dd className={styles.suspect}>{error.suspect}</dd>
          </div>
        )}
        {detail !== null && (
          <div>
            <dt>{words.state.detail}</dt>
            <dd lang={engineLanguage}>{detail}</dd>
          </div>
        )}
        {next !== null && (
          <div>
            <dt>{words.state.whatToDo}</dt>
            <dd>
              {next}
              <span className={styles.links}>
                <PageLink page="logs">{words.state.openLog}</PageLink>
                <PageLink page="doctor">{words.state.runDoctor}</PageLink>
              </span>
            </dd>
          </div>
        )}
      </dl>
      <div className={styles.tailHead}>
        <h2>
          {words.state.lastLines}
          {exit !== null && <span className={styles.exit}> · {exit}</span>}
        </h2>
        {error.logTail.length > 0 && <CopyButton text={() => error.logTail.join('\n')} />}
      </div>
      {error.logTail.length === 0 ? (
        <p className={styles.exit}>{words.state.noLines}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines scroll sideways, and the keyboard must reach them.
        <section className={styles.tail} tabIndex={0} aria-label={words.state.lastLines}>
          <pre>{error.logTail.join('\n')}</pre>
        </section>
      )}
    </div>
  );
}
