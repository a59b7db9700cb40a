/** An error nobody caught: written down, and the shell ends, since what it would do next is unknown. The engine goes on, and the next shell attaches to it. */

export interface CrashDeps {
  readonly log: (line: string) => void;
  readonly exit: (code: number) => void;
}

const CRASHED = 70;

export function watchCrashes({ log, exit }: CrashDeps): void {
  const end = (what: string, error: unknown): void => {
    log(`${what}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    exit(CRASHED);
  };
  process.on('uncaughtException', (error) => end('crash', error));
  // A promise nobody awaited breaks one deed, not the shell.
  process.on('unhandledRejection', (error) =>
    log(`unhandled rejection: ${error instanceof Error ? error.stack : error}`),
  );
}
