/** Where the update stands: looked for, fetched, ready, with what is new; installing waits for the work. */
import type { UpdateState } from '../../contract/desktop.ts';
import { useNow } from '../hooks/live.tsx';
import { useUpdate } from '../hooks/preferences.ts';
import { formatMoment, formatPercent } from '../lib/format.ts';
import { words } from '../words.ts';
import { Button } from './Button.tsx';
import { Row, RowProblem } from './Row.tsx';
import styles from './UpdateRow.module.css';

const told = words.computer.update;

/** @param version of the shell that runs */
export function UpdateRow({ version }: { version: string }) {
  const { update, check, install } = useUpdate();
  const failure = check.error ?? install.error;
  return (
    <Row
      title={words.facts.stoker}
      hint={told.version(version)}
      below={failure !== null && <RowProblem>{failure.message}</RowProblem>}
    >
      <div className={styles.update}>
        <p role="status">
          {install.isSuccess && update?.kind === 'ready'
            ? told.asked
            : update !== undefined && <State update={update} />}
        </p>
        {update?.kind === 'ready' && update.notes !== '' && (
          <details className={styles.notes} open>
            <summary>{told.notes}</summary>
            <p className={styles.text}>{update.notes}</p>
          </details>
        )}
        {update?.kind === 'ready' ? (
          <Button weight="primary" busy={install.isPending || install.isSuccess} onClick={() => install.mutate()}>
            {update.waitsForWork ? told.installLater : told.install}
          </Button>
        ) : (
          update !== undefined &&
          update.kind !== 'unsupported' &&
          update.kind !== 'downloading' && (
            <Button busy={check.isPending || update.kind === 'checking'} onClick={() => check.mutate()}>
              {told.check}
            </Button>
          )
        )}
      </div>
    </Row>
  );
}

function State({ update }: { update: UpdateState }) {
  const now = useNow();
  switch (update.kind) {
    case 'unsupported':
      return update.reason;
    case 'idle':
      return told.idle(update.checkedAt === null ? null : formatMoment(update.checkedAt, now));
    case 'checking':
      return told.checking;
    case 'downloading':
      return told.downloading(update.version, formatPercent(update.percent));
    case 'ready':
      return update.waitsForWork ? `${told.ready(update.version)} ${told.waits}` : told.ready(update.version);
    case 'failed':
      return told.failed(update.message);
  }
}
