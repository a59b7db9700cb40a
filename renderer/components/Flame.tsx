/** The ember, drawn: its lit share tells the state. Decoration: the words beside it say the same. */
import { useId } from 'react';
import { CORE_PATH, DASHES, FLAME_BOX, FLAME_PATH, FLAME_SIZE, type Flame as FlameLook, litTop } from '../lib/flame.ts';
import styles from './Flame.module.css';

export function Flame({ look, height }: { look: FlameLook; height: number }) {
  const clip = useId();
  const top = litTop(look.lit);
  return (
    <svg
      className={styles.flame}
      data-tone={look.tone}
      width={(height * FLAME_BOX[2]) / FLAME_BOX[3]}
      height={height}
      viewBox={FLAME_BOX.join(' ')}
      aria-hidden="true"
      focusable="false"
    >
      <clipPath id={clip}>
        <rect
          className={styles.level}
          x="0"
          y="0"
          width={FLAME_SIZE}
          height={FLAME_SIZE}
          style={{ transform: `translateY(${top}px)` }}
        />
      </clipPath>
      <path className={styles.fill} d={FLAME_PATH} clipPath={`url(#${clip})`} />
      {look.core && <path className={styles.core} d={CORE_PATH} />}
      <path className={styles.outline} d={FLAME_PATH} strokeDasharray={look.dashed ? DASHES : undefined} />
    </svg>
  );
}
