/** Ends what the shell holds, in order, each within a limit: one that hangs or fails must not keep the others, or the user, waiting. */

export interface Joiner {
  readonly name: string;
  readonly limitMs: number;
  end(): Promise<unknown> | unknown;
}

export type Phase = 'starting' | 'running' | 'quitting' | 'gone';

/** Resolves when every joiner has ended, failed or run out of time. Never rejects. @param log one line for each that did not end well */
export async function endInOrder(joiners: readonly Joiner[], log: (line: string) => void): Promise<void> {
  for (const { name, limitMs, end } of joiners) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), limitMs);
    });
    try {
      const outcome = await Promise.race([Promise.resolve().then(end), late]);
      if (outcome === 'late') log(`quit: ${name} did not end within ${limitMs / 1000} s`);
    } catch (error) {
      log(`quit: ${name} failed: ${error}`);
    } finally {
      clearTimeout(timer);
    }
  }
}
