/** Asks for the access token when the engine wants one. The form is the browser's own: the token never passes through our code. */
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { Button } from '../components/Button.tsx';
import { Flame } from '../components/Flame.tsx';
import { flameOf } from '../lib/flame.ts';
import { words } from '../words.ts';
import styles from './LockedPage.module.css';

export function LockedPage() {
  return (
    <form className={styles.page} action={MANAGER_ROUTES.login} method="get">
      <Flame look={flameOf('unknown')} height={48} />
      <h1 className={styles.title} tabIndex={-1}>
        {words.locked.heading}
      </h1>
      <p className={styles.hint}>{words.locked.hint}</p>
      <label htmlFor="token">{words.locked.label}</label>
      <input
        id="token"
        className={styles.input}
        name="token"
        type="password"
        autoComplete="current-password"
        required
      />
      <Button type="submit" weight="primary">
        {words.locked.submit}
      </Button>
    </form>
  );
}
