/** The answer at a glance: how ComfyUI is and why, what the card holds, when it sleeps, and what to do now. */
import type { ReactNode } from 'react';
import type { GpuReading } from '../../contract/gpu.ts';
import type { Status } from '../../contract/status.ts';
import type { Mood } from '../../strings/vocabulary.ts';
import { useNow } from '../hooks/live.tsx';
import { bootProgress } from '../lib/boot-progress.ts';
import { cardSentence } from '../lib/card-sentence.ts';
import { reasonOf } from '../lib/engine-sentences.ts';
import { flameOf } from '../lib/flame.ts';
import { headlineOf, reasonUnder } from '../lib/headline.ts';
import { moodOf } from '../lib/mood.ts';
import { words } from '../words.ts';
import { BootSteps } from './BootSteps.tsx';
import { ControlBar } from './ControlBar.tsx';
import { CourtesyDetails } from './CourtesyDetails.tsx';
import { FailureDetails } from './FailureDetails.tsx';
import { Flame } from './Flame.tsx';
import { Outlook } from './Outlook.tsx';
import styles from './StateHero.module.css';

export function StateHero({ status, gpus, live }: { status: Status; gpus: readonly GpuReading[]; live: boolean }) {
  const mood = moodOf(status);
  const headline = headlineOf(status);
  return (
    <section className={styles.hero} aria-labelledby="state" data-mood={mood}>
      <div className={styles.glance}>
        <StateFlame status={status} mood={mood} />
        <div className={styles.said}>
          <h1 id="state" className={styles.mood} tabIndex={-1}>
            {headline}
          </h1>
          <p className={styles.reason}>{reasonUnder(headline, reasonOf(status))}</p>
          <SecondLine status={status} mood={mood} gpus={gpus} />
        </div>
        <Outlook status={status} mood={mood} />
      </div>
      <CourtesyDetails courtesy={status.courtesy} />
      {status.boot !== null && <BootSteps status={status} boot={status.boot} />}
      <ControlBar status={status} mood={mood} live={live} />
      {status.error !== null && <FailureDetails error={status.error} />}
    </section>
  );
}

function StateFlame({ status, mood }: { status: Status; mood: Mood }) {
  return status.boot === null ? (
    <Flame look={flameOf(mood)} height={56} />
  ) : (
    <WakingFlame status={status} boot={status.boot} />
  );
}

function WakingFlame({ status, boot }: { status: Status; boot: NonNullable<Status['boot']> }) {
  const now = useNow();
  return <Flame look={flameOf('waking', bootProgress(boot, Date.parse(status.since), now).fraction)} height={56} />;
}

function SecondLine({ status, mood, gpus }: { status: Status; mood: Mood; gpus: readonly GpuReading[] }): ReactNode {
  const held = status.gateway.heldRequests > 0 ? words.state.held(status.gateway.heldRequests) : null;
  // Free for whom it was lent to is not free to a reader.
  const isLentOut = mood === 'lent' && status.courtesy.cause !== 'paused';
  const isSilent = mood === 'waking' || mood === 'stopping' || isLentOut;
  const sentence = isSilent ? null : cardSentence(gpus, status.pid !== null);
  const wakes = mood === 'asleep' ? words.state.wakesBy : null;
  const parts = [sentence, wakes, held].filter((part) => part !== null);
  return parts.length === 0 ? null : <p className={styles.card}>{parts.join(' ')}</p>;
}
