/** Chooses the source of GPU readings and measures only while somebody looks or ComfyUI is awake. */
import type { GpuSnapshot } from '../../contract/gpu.ts';
import type { Settings } from '../../contract/settings.ts';
import { assertNever } from '../platform/assert-never.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import { createListeners, type Unsubscribe } from '../platform/listeners.ts';
import type { Log } from '../platform/log.ts';
import type { MachineSources } from './machine-sources.ts';
import type { GpuSource, SourceReport } from './source.ts';

export interface GpuMonitor {
  /** The newest reading; may be old when nobody looks (see `at`). */
  snapshot(): GpuSnapshot;
  /** Measures while at least one watcher holds on; the returned function lets go (twice is fine). */
  watch(): () => void;
  /** One reading now. Never rejects: what is wrong is in the note. Repeated calls share the loop of the first for some seconds. */
  readOnce(): Promise<GpuSnapshot>;
  /** Readings as they are made, and changes of the note; a snapshot whose `at` is not new holds no new measurement. */
  onReading(listener: (snapshot: GpuSnapshot) => void): Unsubscribe;
  /** Takes changed settings into a measurement in progress. */
  settingsChanged(): void;
  close(): Promise<void>;
}

export interface GpuMonitorDeps extends MachineSources {
  readonly clock: Clock;
  readonly log: Log;
  settings(): Settings['gpu'];
}

/** A page that is loaded again lets go and comes back: the loop outlives that. */
const LINGER_MS = 5000;
/** A machine without a GPU is not searched each time somebody looks. */
const SEARCH_AGAIN_MS = 5 * 60_000;
/** After this `readOnce` answers with what there is. The first answer of a driver that is not loaded takes seconds. */
const LONGEST_READ_MS = 10_000;

const NOT_MEASURED = 'The GPU has not been measured yet.';
const SWITCHED_OFF = 'The GPU monitor is switched off in Settings.';

export function createGpuMonitor({ clock, log, settings, findSources, fallback }: GpuMonitorDeps): GpuMonitor {
  const published = createListeners<GpuSnapshot>((error) => log.error({ err: error }, 'a GPU listener failed'));
  let snapshot: GpuSnapshot = { at: clock.now(), source: 'none', gpus: [], note: NOT_MEASURED };
  let watchers = 0;
  let closed = false;
  let cancelLinger: CancelTimer = () => undefined;
  /** The measurement in progress; whatever an earlier one still reports is not heard. */
  let current: { stop: () => Promise<void> } | null = null;
  const stopping = new Set<Promise<void>>();
  /** What the last search found, without those that turned out to have nothing to tell. */
  let usable: readonly GpuSource[] = [];
  let searchedAt = Number.NEGATIVE_INFINITY;
  let searching: Promise<void> = Promise.resolve();
  /** Why there is nothing to show: nothing was found, or what was found does not tell. */
  let missing: string | null = null;
  let failures: readonly string[] = [];

  function publish(next: GpuSnapshot): void {
    snapshot = next;
    published.notify(next);
  }

  function begin(): void {
    const { monitor, sampleSeconds } = settings();
    const measurement = { stop: () => Promise.resolve() };
    current = measurement;
    if (monitor === 'off') {
      publish({ at: clock.now(), source: 'none', gpus: [], note: SWITCHED_OFF });
      return;
    }
    void candidates().then((sources) => measure(measurement, sources, sampleSeconds * 1000));
  }

  async function candidates(): Promise<readonly GpuSource[]> {
    if (usable.length === 0 && clock.monotonic() - searchedAt >= SEARCH_AGAIN_MS) {
      searchedAt = clock.monotonic();
      searching = search();
    }
    await searching;
    return usable;
  }

  async function search(): Promise<void> {
    try {
      const found = await findSources();
      usable = found.sources;
      missing = found.missing;
      failures = [];
    } catch (error) {
      log.warn({ err: error }, 'looking for GPUs failed');
    }
  }

  /** Tries one source after the other; ComfyUI itself comes last and always has something to say. */
  function measure(
    measurement: { stop: () => Promise<void> },
    [source, ...others]: readonly GpuSource[],
    periodMs: number,
  ): void {
    if (current !== measurement) return;
    const started = source ?? fallback;
    measurement.stop = started.start(periodMs, (report) => {
      if (current !== measurement) return;
      if (report.kind === 'unusable') {
        log.warn({ reason: report.message }, 'a source of GPU readings is of no use');
        usable = usable.filter((other) => other !== started);
        failures = [...failures.filter((message) => message !== report.message), report.message];
        release(measurement.stop());
        measure(measurement, others, periodMs);
      } else {
        hear(report);
      }
    });
  }

  function hear(report: Exclude<SourceReport, { kind: 'unusable' }>): void {
    switch (report.kind) {
      case 'readings': {
        const reasons = report.gpus.length > 0 || failures.length > 0 ? failures : [missing];
        const note = [...reasons, report.note].filter((text) => text !== null).join(' ') || null;
        publish({ at: clock.now(), source: report.source, gpus: report.gpus, note });
        break;
      }
      case 'trouble':
        // The last reading stays, with its time: old figures say more than none.
        if (snapshot.note !== report.message) publish({ ...snapshot, note: report.message });
        break;
      default:
        assertNever(report);
    }
  }

  function release(stopped: Promise<void>): void {
    const settled = stopped.catch((error: unknown) => log.warn({ err: error }, 'a GPU source did not stop'));
    stopping.add(settled);
    void settled.then(() => stopping.delete(settled));
  }

  function end(): void {
    cancelLinger();
    if (current) release(current.stop());
    current = null;
  }

  function watch(): () => void {
    if (closed) return () => undefined;
    watchers += 1;
    cancelLinger();
    if (!current) begin();
    let holding = true;
    return () => {
      if (!holding) return;
      holding = false;
      watchers -= 1;
      if (watchers === 0 && !closed) cancelLinger = clock.after(LINGER_MS, end);
    };
  }

  function readOnce(): Promise<GpuSnapshot> {
    const letGo = watch();
    const isNew = current !== null && clock.now() - snapshot.at < 2 * settings().sampleSeconds * 1000;
    if (closed || (isNew && snapshot.note !== NOT_MEASURED)) {
      letGo();
      return Promise.resolve(snapshot);
    }
    return new Promise((resolve) => {
      const answer = (): void => {
        unsubscribe();
        cancel();
        letGo();
        resolve(snapshot);
      };
      const unsubscribe = published.add(answer);
      const cancel = clock.after(LONGEST_READ_MS, answer);
    });
  }

  return {
    snapshot: () => snapshot,
    watch,
    readOnce,
    onReading: (listener) => published.add(listener),
    settingsChanged() {
      if (!current) return;
      end();
      if (watchers > 0) begin();
    },
    async close() {
      closed = true;
      end();
      await Promise.all(stopping);
    },
  };
}
