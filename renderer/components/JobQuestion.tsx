/** Asks once before jobs are deleted, paid for again, or all cancelled. */
import type { JobDeeds } from '../hooks/job-deeds.ts';
import { isUncertain } from '../lib/job-deed.ts';
import { words } from '../words.ts';
import { Question } from './Question.tsx';

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
    <Question title={title} explanation={hint} no={ask.keep} yes={yes} onNo={closeQuestion} onYes={question.yes} />
  );
}
