/** What ComfyUI works on and what waits. */
import type { QueuedPrompt, Status } from '../../contract/status.ts';
import { PageLink } from '../hooks/navigation.tsx';
import { formatCount } from '../lib/format.ts';
import { words } from '../words.ts';
import { JobPreview } from './JobPreview.tsx';
import { NodeProgress } from './NodeProgress.tsx';
import styles from './QueueSection.module.css';
import { EmptyNote, Section } from './Section.tsx';

const SHOWN_WAITING = 12;

export function QueueSection({ status }: { status: Status }) {
  const { queue } = status;
  const total = queue.running + queue.pending;
  const running = queue.items.slice(0, queue.running);
  const waiting = queue.items.slice(queue.running);
  const hidden = queue.pending - Math.min(waiting.length, SHOWN_WAITING);
  return (
    <Section
      title={words.queue.heading}
      aside={total > 0 && <span className={styles.counts}>{words.queue.counts(queue.running, queue.pending)}</span>}
    >
      {!queue.known && total > 0 && <EmptyNote>{words.queue.stale}</EmptyNote>}
      {total === 0 ? (
        <EmptyNote>{emptyWords(status)}</EmptyNote>
      ) : (
        <ol className={styles.list}>
          {running.map((prompt) => (
            <li key={prompt.promptId} className={styles.running}>
              <PromptLine prompt={prompt} />
              {queue.current !== null && queue.current.promptId === prompt.promptId && (
                <div className={styles.progress}>
                  <NodeProgress progress={queue.current} label={words.queue.progress} />
                  <JobPreview id={prompt.promptId} size="queue" />
                </div>
              )}
            </li>
          ))}
          {waiting.slice(0, SHOWN_WAITING).map((prompt) => (
            <li key={prompt.promptId} className={styles.waiting}>
              <PromptLine prompt={prompt} />
            </li>
          ))}
        </ol>
      )}
      {hidden > 0 && <p className={styles.more}>{words.queue.more(hidden)}</p>}
      <p className={styles.whole}>
        <PageLink page="queue">{words.queue.whole}</PageLink>
      </p>
    </Section>
  );
}

function emptyWords({ state, courtesy }: Status): string {
  if (courtesy.parkedPrompts > 0) return words.queue.parked(courtesy.parkedPrompts);
  return state === 'stopped' && courtesy.state === 'none' ? words.queue.emptyAsleep : words.queue.empty;
}

function PromptLine({ prompt }: { prompt: QueuedPrompt }) {
  return (
    <p className={styles.prompt}>
      <span className={styles.number}>{formatCount(prompt.number)}</span>
      <span className={styles.title}>{prompt.title ?? words.queue.untitled}</span>
      <span className={styles.nodes}>{words.queue.nodes(prompt.nodeCount)}</span>
    </p>
  );
}
