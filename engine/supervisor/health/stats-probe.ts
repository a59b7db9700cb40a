/** Asks ComfyUI once whether it answers (`GET /system_stats`, about 5 ms for a healthy one). Decides nothing. */
import { get } from 'node:http';
import { z } from 'zod';

export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
}

export type ProbeAnswer =
  /** `argv`: the command line of what answers; null when it does not tell. */
  | { readonly kind: 'answered'; readonly status: number; readonly argv: readonly string[] | null }
  /** Nobody listens. */
  | { readonly kind: 'refused' }
  /** Nothing came in time, or the connection broke. A frozen process looks like this: the kernel accepts for it. */
  | { readonly kind: 'silent' };

/** Never rejects; an aborted probe is `silent`. */
export type Probe = (
  target: ProbeTarget,
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
) => Promise<ProbeAnswer>;

const StatsSchema = z.object({ system: z.object({ argv: z.array(z.string()) }) });
/** A real answer has two kilobytes. */
const MAX_BODY_BYTES = 1024 * 1024;

export const probeSystemStats: Probe = (target, { timeoutMs, signal }) =>
  new Promise((resolve) => {
    const limit = AbortSignal.timeout(timeoutMs);
    const request = get(
      {
        host: target.host,
        port: target.port,
        path: '/system_stats',
        // A connection of its own: whether a new one is accepted is part of the question.
        agent: false,
        signal: signal === undefined ? limit : AbortSignal.any([limit, signal]),
      },
      (response) => {
        const { statusCode = 0 } = response;
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => {
          body += text;
          if (body.length > MAX_BODY_BYTES) request.destroy();
        });
        response.on('end', () => resolve({ kind: 'answered', status: statusCode, argv: argvIn(body) }));
        response.on('error', () => resolve({ kind: 'silent' }));
      },
    );
    request.on('error', (error: NodeJS.ErrnoException) => resolve({ kind: isRefusal(error) ? 'refused' : 'silent' }));
    request.on('close', () => resolve({ kind: 'silent' }));
  });

/** `localhost` is tried on both address families; the error then holds one of each. */
function isRefusal(error: NodeJS.ErrnoException): boolean {
  if (error instanceof AggregateError) return error.errors.every((inner) => isRefusal(inner as NodeJS.ErrnoException));
  return error.code === 'ECONNREFUSED';
}

function argvIn(body: string): readonly string[] | null {
  try {
    return StatsSchema.parse(JSON.parse(body)).system.argv;
  } catch {
    return null;
  }
}
