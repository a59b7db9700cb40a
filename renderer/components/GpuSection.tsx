/** Every card: its memory shared out, and how hard it works. */
import type { GpuReading } from '../../contract/gpu.ts';
import { formatPercent, formatPower, formatTemperature, formatVram } from '../lib/format.ts';
import { splitVram } from '../lib/vram.ts';
import { engineLanguage, words } from '../words.ts';
import styles from './GpuSection.module.css';
import { EmptyNote, Section } from './Section.tsx';

export function GpuSection({ gpus, note }: { gpus: readonly GpuReading[]; note: string | null }) {
  if (gpus.length === 0) {
    return (
      <Section title={words.gpu.heading(1)}>
        <EmptyNote>{note === null ? words.gpu.none : <span lang={engineLanguage}>{note}</span>}</EmptyNote>
      </Section>
    );
  }
  return (
    <Section title={words.gpu.heading(gpus.length)}>
      <ul className={styles.cards}>
        {gpus.map((gpu) => (
          <li key={gpu.id}>
            <GpuCard gpu={gpu} numbered={gpus.length > 1} />
          </li>
        ))}
      </ul>
      {note !== null && (
        <p className={styles.hint} lang={engineLanguage}>
          {note}
        </p>
      )}
    </Section>
  );
}

function GpuCard({ gpu, numbered }: { gpu: GpuReading; numbered: boolean }) {
  return (
    <article className={styles.card} aria-label={gpu.name}>
      <header className={styles.head}>
        <h3 className={styles.name}>
          {numbered && <span className={styles.index}>{gpu.index}</span>}
          {gpu.name}
        </h3>
        <dl className={styles.metrics}>
          <Metric name={words.gpu.utilization} value={gpu.utilizationPercent} format={formatPercent} />
          <Metric name={words.gpu.temperature} value={gpu.temperatureCelsius} format={formatTemperature} />
          <Metric name={words.gpu.power} value={gpu.powerWatts} format={formatPower} />
        </dl>
      </header>
      <VramBar gpu={gpu} />
    </article>
  );
}

function Metric({ name, value, format }: { name: string; value: number | null; format: (value: number) => string }) {
  // What a driver does not tell is left out: a dash in every row says nothing.
  if (value === null) return null;
  return (
    <div title={name}>
      <dt className="visuallyHidden">{name}</dt>
      <dd>{format(value)}</dd>
    </div>
  );
}

function VramBar({ gpu }: { gpu: GpuReading }) {
  const split = splitVram(gpu);
  if (split === null) return <p className={styles.hint}>{words.gpu.vramUntold}</p>;
  const said = split.parts.map(({ part, bytes }) => `${words.gpu.part[part]} ${formatVram(bytes)}`);
  return (
    <>
      <div className={styles.bar} role="img" aria-label={words.gpu.barLabel(gpu.name, said.join(', '))}>
        {split.parts.map(
          ({ part, fraction }) =>
            fraction > 0 && <span key={part} className={styles.part} data-part={part} style={{ flexGrow: fraction }} />,
        )}
      </div>
      <ul className={styles.legend} title={words.gpu.unit}>
        {split.parts.map(({ part, bytes }) => (
          <li key={part} className={styles.entry}>
            <span className={styles.swatch} data-part={part} aria-hidden="true" />
            {words.gpu.part[part]} <strong>{formatVram(bytes)}</strong>
          </li>
        ))}
        <li className={styles.total}>{words.gpu.of(formatVram(split.totalBytes))}</li>
      </ul>
    </>
  );
}
