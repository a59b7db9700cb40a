/** Asks once before jobs are deleted, paid for again, or all cancelled. */
import type { JobDeeds } from '../hooks/job-deeds.ts';
import { isUncertain } from '../lib/job-deed.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { Dialog } from './Dialog.tsx';

export function JobQuestion({ deeds }: { deeds: JobDeeds }) {
  const { question, closeQuestion } = deeds;
  if (question === null) return null;
  const { ask } = words.jobs;
  const [title, hint, yes] = {
    delete: () => [ask.deleteTitle(question.jobs.length), ask.deleteHint, ask.delete] as const,
    uncertain: () =>
      [ask.uncertainTitle, ask.uncertainHint(question.jobs.filter(isUncertain).length), ask.uncertain] as const,
    cancelRemote: () => [ask.cancelRemoteTitle, ask.cancelRemoteHint, ask.cancelRemote] as const,
  }[question.kind]();
  return (
    <Dialog
      title={title}
      description={hint}
      onClose={closeQuestion}
      answers={
        <>
          <Button onClick={closeQuestion}>{ask.keep}</Button>
          <Button weight="danger" onClick={question.yes}>
            {yes}
          </Button>
        </>
      }
    />
  );
}
