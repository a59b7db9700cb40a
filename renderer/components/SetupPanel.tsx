/** The overview before a ComfyUI is chosen: choose one here, or see the demo. */
import { PageLink } from '../hooks/navigation.tsx';
import { flameOf } from '../lib/flame.ts';
import { words } from '../words.ts';
import { ComfyuiChooser } from './ComfyuiChooser.tsx';
import { DemoOffer } from './DemoOffer.tsx';
import { Flame } from './Flame.tsx';
import styles from './SetupPanel.module.css';

export function SetupPanel({ live }: { live: boolean }) {
  return (
    <section className={styles.setup} aria-labelledby="setup">
      <div className={styles.head}>
        <Flame look={flameOf('unconfigured')} height={56} />
        <div>
          <h1 id="setup" className={styles.title} tabIndex={-1}>
            {words.setup.heading}
          </h1>
          <p className={styles.intro}>{words.setup.intro}</p>
        </div>
      </div>
      <ComfyuiChooser
        live={live}
        submit={words.setup.use}
        beside={<PageLink page="settings">{words.setup.moreSettings}</PageLink>}
      />
      <DemoOffer />
    </section>
  );
}
