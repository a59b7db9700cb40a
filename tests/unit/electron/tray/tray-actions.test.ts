import { describe, expect, it } from 'vitest';
import type { Status } from '../../../../contract/status.ts';
import { EngineRefusal } from '../../../../electron/engine/engine-link.ts';
import type { TrayAction } from '../../../../electron/tray/menu-template.ts';
import {
  createTrayActions,
  keepAwakeBody,
  type LossAnswer,
  type LossQuestion,
} from '../../../../electron/tray/tray-actions.ts';
import { trayWords } from '../../../../strings/en/tray.ts';
import { asleep, failed, working } from '../../../support/dashboard-fixtures.ts';
import { NOW } from './tray-scenes.ts';

const BUSY = new EngineRefusal('work_in_progress', 'ComfyUI has work.', { running: 1, pending: 2 });

/** Refuses with each of `refusals` in turn, then obeys. */
function stage({
  refusals = [],
  answer = 'keep',
  status = asleep(NOW),
  answered = { moved: [], stayed: [] },
}: {
  refusals?: Error[];
  answer?: LossAnswer;
  status?: Status;
  answered?: unknown;
} = {}) {
  const left = [...refusals];
  const sent: [string, unknown][] = [];
  const told: [string, string][] = [];
  const questions: LossQuestion[] = [];
  const deeds: string[] = [];
  const run = createTrayActions({
    link: {
      status: () => status,
      async send(method, path, body) {
        sent.push([`${method} ${path}`, body]);
        const refusal = left.shift();
        if (refusal !== undefined) throw refusal;
        return answered;
      },
    },
    deeds: {
      open: (target) => deeds.push(`open ${target}`),
      quit: () => deeds.push('quit'),
      retryEngine: () => deeds.push('retryEngine'),
      tellProblem: (title, message) => told.push([title, message]),
    },
    words: () => trayWords,
    now: () => NOW,
    async askBeforeLoss(question) {
      questions.push(question);
      return answer;
    },
  });
  return { run, sent, told, questions, deeds };
}

describe('what an item sends', () => {
  it.each<[TrayAction, string, unknown]>([
    [{ do: 'start', withoutCustomNodes: false }, 'POST /manager/start', { withoutCustomNodes: false }],
    [{ do: 'start', withoutCustomNodes: true }, 'POST /manager/start', { withoutCustomNodes: true }],
    [{ do: 'stop' }, 'POST /manager/stop', {}],
    [{ do: 'restart' }, 'POST /manager/restart', {}],
    [{ do: 'free' }, 'POST /manager/free', undefined],
    [{ do: 'pause' }, 'POST /manager/pause', undefined],
    [{ do: 'resume' }, 'POST /manager/resume', undefined],
    [{ do: 'stopWhenDone', wanted: true }, 'POST /manager/stop', { whenDone: true }],
    [{ do: 'keepAwake', how: 'hour' }, 'POST /manager/keep-awake', { seconds: 3600 }],
    [{ do: 'keepAwake', how: 'off' }, 'POST /manager/keep-awake', { off: true }],
    [{ do: 'offload', target: 'pod' }, 'POST /manager/v1/jobs/offload', { target: 'pod' }],
    [{ do: 'bringBack' }, 'POST /manager/v1/jobs/bring-back', {}],
  ])('%j', async (action, route, body) => {
    const { run, sent } = stage();
    await run(action);
    expect(sent).toEqual([[route, body]]);
  });

  it("windows, quitting and the engine itself are the shell's own deeds", async () => {
    const { run, sent, deeds } = stage();
    await run({ do: 'open', target: 'logs' });
    await run({ do: 'retryEngine' });
    await run({ do: 'quit' });
    expect(deeds).toEqual(['open logs', 'retryEngine', 'quit']);
    expect(sent).toEqual([]);
  });
});

it('tells how many jobs stay, and why the first does', async () => {
  const stayed = [
    { id: 'a', reason: 'It runs already.' },
    { id: 'b', reason: 'It has ended.' },
  ];
  const { run, told } = stage({ answered: { moved: [{ id: 'c' }], stayed } });
  await run({ do: 'offload', target: 'pod' });
  expect(told).toEqual([['Not everything was moved', '2 jobs stay. It runs already.']]);
});

describe('work is never lost without a question', () => {
  it('nothing is asked while there is none', async () => {
    const { run, questions } = stage();
    await run({ do: 'stop' });
    expect(questions).toEqual([]);
  });

  it.each<[LossAnswer, 'stop' | 'restart', [string, unknown][]]>([
    ['keep', 'stop', []],
    ['lose', 'stop', [['POST /manager/stop', { force: true }]]],
    ['whenDone', 'stop', [['POST /manager/stop', { whenDone: true }]]],
    ['keep', 'restart', []],
    ['lose', 'restart', [['POST /manager/restart', { force: true }]]],
  ])('answer "%s" to %s', async (answer, deed, then) => {
    const { run, sent, questions, told } = stage({ refusals: [BUSY], answer, status: working(NOW) });
    await run({ do: deed });
    expect(questions).toEqual([{ deed, running: 1, pending: 2 }]);
    expect(sent.slice(1)).toEqual(then);
    expect(told).toEqual([]);
  });
});

describe('a refusal is told', () => {
  it("in the engine's words, under what was wanted", async () => {
    const { run, told } = stage({ refusals: [new EngineRefusal('not_running', 'ComfyUI is not running.')] });
    await run({ do: 'free' });
    expect(told).toEqual([['VRAM was not freed', 'ComfyUI is not running.']]);
  });

  it('also when forcing fails', async () => {
    const { run, told } = stage({ refusals: [BUSY, new EngineRefusal('unreachable', 'No answer.')], answer: 'lose' });
    await run({ do: 'stop' });
    expect(told).toEqual([['ComfyUI was not put to sleep', 'No answer.']]);
  });

  it('but not a start the user called off', async () => {
    const { run, told } = stage({ refusals: [new EngineRefusal('start_cancelled', 'Called off.')] });
    await run({ do: 'start', withoutCustomNodes: false });
    expect(told).toEqual([]);
  });

  it('and not a start that failed: icon and notification tell of that', async () => {
    const refusals = [new EngineRefusal('exited_early', 'It ended.')];
    const after = stage({ refusals, status: failed(NOW) });
    await after.run({ do: 'start', withoutCustomNodes: false });
    expect(after.told).toEqual([]);
    const before = stage({ refusals, status: asleep(NOW) });
    await before.run({ do: 'start', withoutCustomNodes: false });
    expect(before.told).toHaveLength(1);
  });
});

describe('"until the morning" is the next one at seven', () => {
  it.each([
    [new Date(2026, 10, 21, 15, 30), new Date(2026, 10, 22, 7)],
    [new Date(2026, 10, 21, 23, 59), new Date(2026, 10, 22, 7)],
    [new Date(2026, 10, 22, 2, 0), new Date(2026, 10, 22, 7)],
    [new Date(2026, 10, 22, 6, 0), new Date(2026, 10, 23, 7)],
  ])('asked at %s', (now, morning) => {
    expect(keepAwakeBody('morning', now.getTime())).toEqual({ until: morning.toISOString() });
  });
});
