/** Which custom nodes failed to import at the newest start? Read from the log: nothing is started for it. */
import { type Check, ok, skipped, warning } from './check.ts';
import { type ImportFailure, readImportReport } from './import-failures.ts';

export const customNodesCheck: Check = {
  id: 'custom-nodes',
  title: 'Custom nodes',

  async examine({ subject, logTail }) {
    const report = readImportReport(logTail());
    if (report === null) return skipped('ComfyUI has not told yet: it does at its next start.');
    const { failures, imported } = report;
    if (failures.length === 0) return ok(`All ${imported} were imported at the last start.`);
    const python = subject.kind === 'folder' && subject.python.kind === 'found' ? subject.python.python : 'python';
    return warning(
      `Not imported at the last start: ${failures.map(describe).join('; ')}.`,
      `In its folder run ${python} -m pip install -r requirements.txt, update it, or move the folder out of custom_nodes.`,
    );
  },
};

function describe({ path, message }: ImportFailure): string {
  const name = path.split(/[\\/]/).at(-1) ?? path;
  return message === null ? name : `${name} (${message})`;
}
