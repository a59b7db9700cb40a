/** What came back instead of what a button promised, with the next step; stays until dismissed or the next action. */

import { useActions } from '../hooks/actions.tsx';
import { errorText } from '../lib/engine-sentences.ts';
import { engineLanguage, words } from '../words.ts';
import { Button } from './Button.tsx';
import { Notice } from './Notice.tsx';

export function ProblemNotice() {
  const { problem, dismissProblem } = useActions();
  if (problem === null) return null;
  const { message, detail, next } = errorText(problem.code, problem.message, problem.next);
  return (
    <Notice tone="danger" role="alert" actions={<Button onClick={dismissProblem}>{words.dismiss}</Button>}>
      {message}
      {detail !== null && <span lang={engineLanguage}> {detail}</span>}
      {next !== null && ` ${words.problem.next} ${next}`}
    </Notice>
  );
}
