/** Everything a button can ask of ComfyUI, with one place for what may come back: a question about lost work, a problem, or nothing. */
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from 'react';
import type { KeepAwakeBody } from '../../contract/manager-api.ts';
import type { ActionName } from '../../strings/vocabulary.ts';
import { freeVram, keepAwake, pauseComfyUI, restartComfyUI, resumeComfyUI, startComfyUI, stopComfyUI } from '../api.ts';
import { outcomeOf } from '../lib/action-outcome.ts';
import type { ApiError } from '../lib/api-error.ts';
import { assertNever } from '../lib/assert-never.ts';

/** An action that waits for a yes because it would lose work. */
export interface OpenQuestion {
  readonly action: ActionName;
  readonly message: string;
}

export interface Actions {
  run(action: ActionName): void;
  keepAwake(body: KeepAwakeBody): void;
  stopWhenDone(wanted: boolean): void;
  readonly pending: ReadonlySet<string>;
  readonly problem: ApiError | null;
  dismissProblem(): void;
  readonly question: OpenQuestion | null;
  answer(answer: 'keep' | 'lose' | 'whenDone'): void;
}

const ActionsContext = createContext<Actions | null>(null);

export function useActions(): Actions {
  const actions = useContext(ActionsContext);
  if (actions === null) throw new Error('useActions outside of ActionsProvider');
  return actions;
}

function request(action: ActionName, force: boolean): Promise<unknown> {
  switch (action) {
    case 'start':
    case 'tryAgain':
    case 'tryNow':
      return startComfyUI();
    case 'startWithoutCustomNodes':
      return startComfyUI({ withoutCustomNodes: true });
    case 'restart':
      return restartComfyUI({ force });
    case 'restartWithoutCustomNodes':
      return restartComfyUI({ force, withoutCustomNodes: true });
    case 'sleep':
      return stopComfyUI({ force });
    case 'cancelStart':
    case 'stopTrying':
      return stopComfyUI({ force: true });
    case 'free':
      return freeVram();
    case 'pause':
      return pauseComfyUI();
    case 'resume':
      return resumeComfyUI();
    default:
      return assertNever(action);
  }
}

export function ActionsProvider({ children }: { children: ReactNode }) {
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const [problem, setProblem] = useState<ApiError | null>(null);
  const [question, setQuestion] = useState<OpenQuestion | null>(null);

  const perform = useCallback(async (name: string, work: () => Promise<unknown>, action?: ActionName) => {
    setProblem(null);
    setPending((before) => new Set([...before, name]));
    try {
      await work();
    } catch (error) {
      const outcome = outcomeOf(error);
      if (outcome.kind === 'ask' && action !== undefined) setQuestion({ action, message: outcome.message });
      else if (outcome.kind === 'tell') setProblem(outcome.error);
    } finally {
      setPending((before) => new Set([...before].filter((each) => each !== name)));
    }
  }, []);

  const actions = useMemo<Actions>(
    () => ({
      run: (action) => void perform(action, () => request(action, false), action),
      keepAwake: (body) => void perform('keepAwake', () => keepAwake(body)),
      stopWhenDone: (wanted) => void perform('stopWhenDone', () => stopComfyUI({ whenDone: wanted })),
      pending,
      problem,
      dismissProblem: () => setProblem(null),
      question,
      answer(answer) {
        setQuestion(null);
        if (question === null || answer === 'keep') return;
        const { action } = question;
        if (answer === 'lose') void perform(action, () => request(action, true), action);
        else void perform('stopWhenDone', () => stopComfyUI({ whenDone: true }));
      },
    }),
    [pending, problem, question, perform],
  );
  return <ActionsContext value={actions}>{children}</ActionsContext>;
}
