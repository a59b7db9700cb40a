/**
 * The recorded conversation with ComfyUI 0.3.64, held again: with the simulator always, and with a real ComfyUI when
 * STOKER_TEST_COMFYUI names its folder. Both have to answer as recorded.
 */
import { beforeAll, expect, it } from 'vitest';
import { realComfyui } from '../../support/comfyui-process.ts';
import { compareReplay, type Difference } from '../../support/contract-comparison.ts';
import { loadRecording } from '../../support/contract-recording.ts';
import { replayRecording } from '../../support/contract-replay.ts';
import { describeEither } from '../../support/either-comfyui.ts';

if (!realComfyui()) {
  console.warn('\n*** STOKER_TEST_COMFYUI is not set: the contract was NOT checked against a real ComfyUI. ***\n');
}

const sections = [...new Set(loadRecording().flatMap((event) => (event.kind === 'close' ? [] : [event.section])))];

describeEither('the recorded contract', (comfyui) => {
  let differences: Difference[] = [];

  beforeAll(async () => {
    differences = compareReplay(await replayRecording(comfyui().url), comfyui().baseDirectory);
  }, 240_000);

  it.each(sections)('answers as recorded: %s', (section) => {
    expect(differences.filter((difference) => difference.section === section)).toEqual([]);
  });
});
