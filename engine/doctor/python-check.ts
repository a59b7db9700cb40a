/** Does the Python that starts ComfyUI run, and is it new enough? */
import { ERROR_CODES } from '../../contract/errors.ts';
import type { CommandOutcome } from '../supervisor/processes/run-command.ts';
import { type Check, ok, problem, skipped, warning } from './check.ts';

const TIMEOUT_MS = 10_000;
/** ComfyUI's pyproject.toml: requires-python >= 3.9. */
const OLDEST_MINOR = 9;

export const pythonCheck: Check = {
  id: 'python',
  title: 'Python',

  async examine({ subject, settings, run }) {
    if (subject.kind !== 'folder') return skipped(subject.why);
    if (subject.python.kind === 'missing') {
      const { python } = settings.installation;
      const finding = python === null ? `No Python was found for ${subject.folder}.` : `${python} does not exist.`;
      return problem(finding, ERROR_CODES.python_missing.next);
    }
    const { python } = subject.python;
    const outcome = await run(python, ['-c', 'import sys; print(sys.version)'], { timeoutMs: TIMEOUT_MS });
    if (outcome.kind === 'timedOut') {
      const finding = `${python} did not answer within ${TIMEOUT_MS / 1000} s.`;
      return warning(finding, 'Look again when the disk is less busy.');
    }
    const version = outcome.kind === 'exited' ? /^(\d+)\.(\d+)\S*/m.exec(outcome.stdout) : null;
    if (version === null) return problem(`${python} does not run: ${whyNot(outcome)}.`, REPAIR);
    const [text, major, minor] = version;
    return Number(major) === 3 && Number(minor) >= OLDEST_MINOR
      ? ok(`Python ${text} at ${python}.`)
      : problem(`${python} is Python ${text}.`, `ComfyUI needs Python 3.${OLDEST_MINOR} or newer.`);
  },
};

const REPAIR =
  'Make the environment of ComfyUI again (its Python may have been removed or updated), or set another in Settings.';

function whyNot(outcome: Exclude<CommandOutcome, { kind: 'timedOut' }>): string {
  if (outcome.kind === 'failed') return outcome.reason;
  return outcome.stderr.trim().split(/\r?\n/).at(-1) || `exit code ${outcome.exitCode}`;
}
