/** The guide of the first run: which ComfyUI, when it sleeps, whether Stoker starts at login. Under a minute, skippable at every step, repeatable. */
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import type { Status } from '../../contract/status.ts';
import { fetchSettings } from '../api.ts';
import { Button } from '../components/Button.tsx';
import { ComfyuiChooser } from '../components/ComfyuiChooser.tsx';
import { DemoOffer } from '../components/DemoOffer.tsx';
import { Flame } from '../components/Flame.tsx';
import { LoginStep } from '../components/LoginStep.tsx';
import { OpenComfyui } from '../components/OpenComfyui.tsx';
import { EmptyNote } from '../components/Section.tsx';
import { SleepStep } from '../components/SleepStep.tsx';
import { desktop } from '../desktop.ts';
import { navigate } from '../hooks/navigation.tsx';
import { flameOf } from '../lib/flame.ts';
import { keys } from '../live-cache.ts';
import { words } from '../words.ts';
import styles from './WelcomePage.module.css';

type Step = 'comfyui' | 'sleep' | 'login' | 'done';

/** The last step is the end: it is no question and is not counted. */
const QUESTIONS: readonly Step[] =
  desktop?.info.canStartAtLogin === true ? ['comfyui', 'sleep', 'login'] : ['comfyui', 'sleep'];
const STEPS: readonly Step[] = [...QUESTIONS, 'done'];

export function WelcomePage({ status, live }: { status: Status | undefined; live: boolean }) {
  const [step, setStep] = useState<Step>('comfyui');
  const heading = useHeadingFocus(step);
  const settings = useQuery({ queryKey: keys.settings, queryFn: fetchSettings }).data?.settings;
  const at = STEPS.indexOf(step);

  function go(by: 1 | -1): void {
    const next = STEPS[at + by] ?? step;
    if (next === 'done') rememberDone();
    setStep(next);
  }
  function leave(): void {
    rememberDone();
    navigate('overview');
  }

  if (status === undefined || settings === undefined) return <EmptyNote>{words.loading}</EmptyNote>;
  const skip = (
    <Button weight="quiet" onClick={leave}>
      {words.welcome.skip}
    </Button>
  );
  const back = <Button onClick={() => go(-1)}>{words.welcome.back}</Button>;
  return (
    <section className={styles.page} aria-labelledby="welcome">
      <StepMarks step={step} />
      <div className={styles.head}>
        <Flame look={flameOf(step === 'done' ? 'ready' : 'waking', at / STEPS.length)} height={56} />
        <div>
          <h1 id="welcome" className={styles.title} tabIndex={-1} ref={heading}>
            {words.welcome[step].heading}
          </h1>
          <p className={styles.intro}>
            {step === 'done' && !status.installation.configured
              ? words.welcome.done.withoutComfyui
              : words.welcome[step].intro}
          </p>
        </div>
      </div>
      {step === 'comfyui' && (
        <>
          <ComfyuiChooser
            live={live}
            submit={words.welcome.next}
            current={settings.installation.folder ?? ''}
            optional={status.installation.configured}
            onUsed={() => go(1)}
            beside={skip}
          />
          {!status.engine.demo && <DemoOffer onStart={leave} />}
        </>
      )}
      {step === 'sleep' && (
        <SleepStep
          live={live}
          savedSeconds={settings.idle.stopAfterSeconds}
          onSaved={() => go(1)}
          beside={
            <>
              {back}
              {skip}
            </>
          }
        />
      )}
      {step === 'login' && (
        <LoginStep
          onSaved={() => go(1)}
          beside={
            <>
              {back}
              {skip}
            </>
          }
        />
      )}
      {step === 'done' && <End status={status} back={back} />}
    </section>
  );
}

function End({ status, back }: { status: Status; back: React.ReactNode }) {
  return (
    <>
      {status.installation.configured && <code className={styles.address}>{status.gateway.url}</code>}
      <div className={styles.actions}>
        {status.installation.configured && <OpenComfyui weight="primary" />}
        <Button onClick={() => navigate('overview')}>{words.welcome.done.openOverview}</Button>
        {!status.installation.configured && back}
      </div>
    </>
  );
}

function StepMarks({ step }: { step: Step }) {
  const at = STEPS.indexOf(step);
  return (
    <div className={styles.progress}>
      <ol className={styles.steps} aria-label={words.welcome.steps}>
        {STEPS.map((each, index) => (
          <li
            key={each}
            className={styles.step}
            data-done={index < at || undefined}
            aria-current={each === step ? 'step' : undefined}
          >
            {words.welcome.name[each]}
          </li>
        ))}
      </ol>
      {step !== 'done' && <p className="visuallyHidden">{words.welcome.step(at + 1, QUESTIONS.length)}</p>}
    </div>
  );
}

/** The shell opens the guide by itself until it was seen to its end or left. */
function rememberDone(): void {
  desktop?.ask('changePreferences', { welcomeDone: true }).catch((error: unknown) => {
    // Nothing to do for the person: the guide comes once more.
    console.warn('The end of the guide could not be noted:', error);
  });
}

/** Each step is a new page to a screen reader; the first one is left to the page itself. */
function useHeadingFocus(step: Step) {
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = useRef(step);
  useEffect(() => {
    if (shown.current === step) return;
    shown.current = step;
    heading.current?.focus();
  }, [step]);
  return heading;
}
