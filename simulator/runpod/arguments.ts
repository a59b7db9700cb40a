/** The command line of the RunPod simulator. */
import { parseArgs } from 'node:util';

export interface RunpodArguments {
  readonly port: number;
  readonly endpoint: string;
  readonly key: string;
  /** `comfyui`: workers of our own run jobs on that ComfyUI. `loop`: real worker processes take them over the worker loop. */
  readonly workers:
    | { readonly kind: 'comfyui'; readonly url: string; readonly most: number }
    | { readonly kind: 'loop'; readonly most: number };
  readonly coldStartMs: number;
  readonly idleMs: number;
  /** How long results are kept after `/run`, and after `/runsync`. */
  readonly keepRunMs: number;
  readonly keepRunsyncMs: number;
}

export const HELP = `RunPod simulator: the REST face of a serverless endpoint, without an account.

  --port N             0 for a free one (default 0)
  --endpoint ID        default sim-endpoint
  --key KEY            what Authorization: Bearer must carry (default sim-key)
  --comfyui URL        workers of its own run the jobs on this ComfyUI
  --worker-loop        real worker processes take the jobs (RUNPOD_WEBHOOK_GET_JOB and its like)
  --workers N          at most so many at once (default 1)
  --cold-start-ms N    from the first job to a worker that takes it (default 200)
  --idle-ms N          a worker without a job ends after this (default 5000)
  --keep-run-ms N      results of /run are kept (default 1800000)
  --keep-runsync-ms N  results of /runsync are kept (default 60000)

It prints "RunPod simulator ready: http://127.0.0.1:PORT/v2" when it listens, and ends on SIGTERM.
POST /simulation/faults makes it fail on demand; GET /simulation/ledger tells what it charged,
GET /simulation/inputs what it was given.
`;

/** @returns a sentence when the words make no sense */
export function parseArguments(words: readonly string[]): RunpodArguments | { readonly problem: string } {
  let values: Record<string, string | boolean | undefined>;
  try {
    ({ values } = parseArgs({
      args: [...words],
      options: {
        port: { type: 'string', default: '0' },
        endpoint: { type: 'string', default: 'sim-endpoint' },
        key: { type: 'string', default: 'sim-key' },
        comfyui: { type: 'string' },
        'worker-loop': { type: 'boolean', default: false },
        workers: { type: 'string', default: '1' },
        'cold-start-ms': { type: 'string', default: '200' },
        'idle-ms': { type: 'string', default: '5000' },
        'keep-run-ms': { type: 'string', default: '1800000' },
        'keep-runsync-ms': { type: 'string', default: '60000' },
      },
    }));
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) };
  }
  const numbers = ['port', 'workers', 'cold-start-ms', 'idle-ms', 'keep-run-ms', 'keep-runsync-ms'];
  const wrong = numbers.find((name) => !/^\d{1,9}$/.test(String(values[name])));
  if (wrong !== undefined) return { problem: `--${wrong} takes a whole number.` };
  const loop = values['worker-loop'] === true;
  if (loop === (values.comfyui !== undefined)) return { problem: 'Give either --comfyui URL or --worker-loop.' };
  const number = (name: string): number => Number(values[name]);
  const most = number('workers');
  return {
    port: number('port'),
    endpoint: String(values.endpoint),
    key: String(values.key),
    workers: loop ? { kind: 'loop', most } : { kind: 'comfyui', url: String(values.comfyui).replace(/\/+$/, ''), most },
    coldStartMs: number('cold-start-ms'),
    idleMs: number('idle-ms'),
    keepRunMs: number('keep-run-ms'),
    keepRunsyncMs: number('keep-runsync-ms'),
  };
}
