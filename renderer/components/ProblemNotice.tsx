/** What came back instead of what a button promised, with the next step; stays until dismissed or the next action. */

import { words } from '../../strings/en/dashboard.ts';
import { useActions } from '../hooks/actions.tsx';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

export function ProblemNotice() {
  const { problem, dismissProblem } = useActions();
  if (problem === null) return null;
  return (
    <Notice tone="danger" role="alert" actions={<Button onClick={dismissProblem}>{words.dismiss}</Button>}>
      {problem.message}
      {problem.next !== null && ` ${words.problem.next} ${problem.next}`}
    </Notice>
  );
}
