/**
 * The recorded conversation with ComfyUI 0.3.64, held again: with the simulator always, and with a real ComfyUI when
 * STOKER_TEST_COMFYUI names its folder. Both have to answer as recorded.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ComfyuiProcess, realComfyui, startSimulator, stopAllComfyui } from '../../support/comfyui-process.ts';
import { compareReplay, type Difference } from '../../support/contract-comparison.ts';
import { loadRecording } from '../../support/contract-recording.ts';
import { replayRecording } from '../../support/contract-replay.ts';

const real = realComfyui();
if (!real) {
  console.warn('\n*** STOKER_TEST_COMFYUI is not set: the contract was NOT checked against a real ComfyUI. ***\n');
}

const sections = [...new Set(loadRecording().flatMap((event) => (event.kind === 'close' ? [] : [event.section])))];

function holdsContract(start: () => Promise<ComfyuiProcess>): void {
  let differences: Difference[] = [];

  beforeAll(async () => {
    const comfyui = await start();
    differences = compareReplay(await replayRecording(comfyui.url), comfyui.baseDirectory);
  }, 240_000);
  afterAll(stopAllComfyui);

  it.each(sections)('answers as recorded: %s', (section) => {
    expect(differences.filter((difference) => difference.section === section)).toEqual([]);
  });
}

describe('the simulator', () => holdsContract(() => startSimulator({ arguments: ['--cpu'] })));

describe.skipIf(!real)('the real ComfyUI', () => {
  holdsContract(() => (real ? real.start() : Promise.reject(new Error('no real ComfyUI'))));
});
