/** What came of the last thing done with jobs, where the list does not show it by itself. */
import { type JobDeeds, reportWords } from '../hooks/job-deeds.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

export function JobReport({ deeds }: { deeds: JobDeeds }) {
  const said = deeds.report === null ? null : reportWords(deeds.report);
  if (deeds.report === null || said === null) return null;
  const bad = deeds.report.failed > 0;
  return (
    <Notice
      tone={bad ? 'danger' : 'info'}
      role={bad ? 'alert' : 'status'}
      actions={<Button onClick={deeds.dismissReport}>{words.dismiss}</Button>}
    >
      {said}
    </Notice>
  );
}
