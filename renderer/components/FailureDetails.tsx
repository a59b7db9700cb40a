/** Why ComfyUI ended or did not start: who is suspected, what to do, and the last lines it printed. */
import { ERROR_CODES } from '../../contract/errors.ts';
import type { Failure } from '../../contract/supervisor-state.ts';
import { words } from '../../strings/en/dashboard.ts';
import { PageLink } from '../hooks/navigation.tsx';
import { CopyButton } from './CopyButton.tsx';
import styles from './FailureDetails.module.css';

export function FailureDetails({ error }: { error: Failure }) {
  const exit = words.state.exit(error.exitCode, error.signal);
  const advice = adviceFor(error.code);
  return (
    <div className={styles.failure}>
      <dl className={styles.facts}>
        {error.suspect !== null && (
          <div>
            <dt>{words.state.suspect}</dt>
            <dd className={styles.suspect}>{error.suspect}</dd>
          </div>
        )}
        {advice !== null && (
          <div>
            <dt>{words.state.whatToDo}</dt>
            <dd>
              {advice}
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

/** An engine newer than this page may name a code it does not know. */
function adviceFor(code: string): string | null {
  const specs: Readonly<Record<string, { readonly next: string }>> = ERROR_CODES;
  return specs[code]?.next ?? null;
}
