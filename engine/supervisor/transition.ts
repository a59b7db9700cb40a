/**
 * How the life of the supervised ComfyUI goes on: what happened goes in, the next state and what to do about it come out.
 * It owns at most one process: `launch` is asked for only when nothing is left of the one before. Pure; touches nothing.
 */
import type { Failure, StartReason, StopReason } from '../../contract/supervisor-state.ts';
import { assertNever } from '../platform/assert-never.ts';
import { backOffDelayMs, gaveUp } from './back-off.ts';
import type { Context, Effect, EventOf, Life, LifeOf, Machine, Next, Step, SupervisorEvent } from './state.ts';

/** A frozen process rarely honours a signal: waiting the whole grace for it helps nobody. */
const HUNG_GRACE_MS = 2_000;

export function transition(machine: Machine, event: SupervisorEvent, context: Context): Step {
  switch (event.kind) {
    case 'startWanted':
      return onStartWanted(machine, event, context);
    case 'stopWanted':
      return onStopWanted(machine, event.reason, context);
    case 'restartWanted':
      return onRestartWanted(machine, event.withoutCustomNodes, context);
    case 'found':
      return onFound(machine, event, context);
    case 'backOffOver':
      return machine.life.kind === 'backingOff'
        ? start(machine, 'crashRecovery', machine.life.withoutCustomNodes, context)
        : stay(machine);
    case 'bootProgressed':
    case 'answered':
    case 'launchRefused':
    case 'startLimitReached':
    case 'exited':
    case 'hung':
    case 'restartSeen':
    case 'ended':
    case 'endFailed':
    case 'stable':
      return onProcessEvent(machine, event, context);
    default:
      return assertNever(event);
  }
}

/** A life with a process, or with a launch in progress. */
type Alive = LifeOf<'starting'> | LifeOf<'running'>;
type ProcessEvent = Exclude<Extract<SupervisorEvent, { generation: number }>, { kind: 'found' }>;

function onStartWanted(machine: Machine, event: EventOf<'startWanted'>, context: Context): Step {
  const { life } = machine;
  const { reason, withoutCustomNodes } = event;
  switch (life.kind) {
    case 'stopped':
      return start(forgive(machine, reason), reason, withoutCustomNodes, context);
    case 'failed':
      // A page that reloads must not undo "gave up": that takes a person.
      if (life.error.code === 'gave_up' && reason === 'request') return stay(machine);
      return life.processLeft
        ? endAgain(machine, 'restart', { kind: 'start', reason, withoutCustomNodes }, context)
        : start(forgive(machine, reason), reason, withoutCustomNodes, context);
    case 'backingOff':
      return reason === 'user'
        ? before({ kind: 'cancelBackOff' }, start(machine, reason, withoutCustomNodes, context))
        : stay(machine);
    case 'stopping':
      return life.next.kind === 'stopped'
        ? stay({ ...machine, life: { ...life, next: { kind: 'start', reason, withoutCustomNodes } } })
        : stay(machine);
    case 'starting':
    case 'running':
      return stay(machine);
    default:
      return assertNever(life);
  }
}

function onStopWanted(machine: Machine, reason: StopReason, context: Context): Step {
  const { life } = machine;
  switch (life.kind) {
    case 'stopped':
      return stay(machine);
    case 'starting':
      return end(machine, life, reason === 'user' ? 'startCancelled' : reason, { kind: 'stopped' }, context);
    case 'running':
      return end(machine, life, reason, { kind: 'stopped' }, context);
    case 'stopping':
      return stay({ ...machine, life: { ...life, reason, next: { kind: 'stopped' } } });
    case 'backingOff':
      return before({ kind: 'cancelBackOff' }, stopped(machine, reason, context));
    case 'failed':
      return life.processLeft
        ? endAgain(machine, reason, { kind: 'stopped' }, context)
        : stopped(machine, reason, context);
    default:
      return assertNever(life);
  }
}

function onRestartWanted(machine: Machine, withoutCustomNodes: boolean, context: Context): Step {
  const { life } = machine;
  const next: Next = { kind: 'start', reason: 'restart', withoutCustomNodes };
  switch (life.kind) {
    case 'stopped':
      return start(forgive(machine, 'restart'), 'restart', withoutCustomNodes, context);
    case 'failed':
      return life.processLeft
        ? endAgain(machine, 'restart', next, context)
        : start(forgive(machine, 'restart'), 'restart', withoutCustomNodes, context);
    case 'starting':
    case 'running':
      return end(machine, life, 'restart', next, context);
    case 'stopping':
      return stay({ ...machine, life: { ...life, reason: 'restart', next } });
    case 'backingOff':
      return before({ kind: 'cancelBackOff' }, start(machine, 'restart', withoutCustomNodes, context));
    default:
      return assertNever(life);
  }
}

function onFound(machine: Machine, event: EventOf<'found'>, context: Context): Step {
  if (machine.life.kind !== 'stopped') return stay(machine);
  const generation = Math.max(machine.generation, event.generation);
  const { withoutCustomNodes } = event;
  const shared = { generation, since: context.now, reason: 'adopted', withoutCustomNodes } as const;
  if (event.answering) {
    const life = { kind: 'running', ...shared, pid: event.pid, port: event.port } as const;
    return { machine: { ...machine, generation, life }, effects: [{ kind: 'watch', generation }] };
  }
  const life = {
    kind: 'starting',
    ...shared,
    attempt: 1,
    phase: 'python',
    detail: null,
    recovering: false,
  } as const;
  return {
    machine: { ...machine, generation, life },
    effects: [{ kind: 'awaitAnswer', generation, limitMs: event.limitMs }],
  };
}

/** Events of the process itself; those of an earlier generation, or that come too late to matter, change nothing. */
function onProcessEvent(machine: Machine, event: ProcessEvent, context: Context): Step {
  const { life } = machine;
  if (!('generation' in life) || life.generation !== event.generation) return stay(machine);
  if (life.kind === 'stopping') {
    if (event.kind === 'ended') return afterEnd(machine, life, context);
    return event.kind === 'endFailed' ? stuck(machine, event.failure, context) : stay(machine);
  }
  switch (event.kind) {
    case 'bootProgressed':
      return life.kind === 'starting'
        ? stay({ ...machine, life: { ...life, phase: event.phase, detail: event.detail } })
        : stay(machine);
    case 'answered':
      return life.kind === 'starting' ? answered(machine, life, event, context) : stay(machine);
    case 'launchRefused':
      return life.kind === 'starting'
        ? fail(machine, life, { ...event, recovering: life.recovering }, context)
        : stay(machine);
    case 'startLimitReached': {
      if (life.kind !== 'starting') return stay(machine);
      const next: Next = { kind: 'failure', failure: event.failure, recovering: life.recovering };
      return end(machine, life, 'startCancelled', next, context);
    }
    case 'exited': {
      if (event.failure === null) return stopped(machine, 'exited', context);
      const ran = life.kind === 'running';
      const recovering = ran || life.recovering;
      return fail(machine, life, { failure: event.failure, permanent: event.permanent && !ran, recovering }, context);
    }
    case 'hung': {
      if (life.kind !== 'running') return stay(machine);
      const policy = { ...context.policy, stopGraceMs: Math.min(context.policy.stopGraceMs, HUNG_GRACE_MS) };
      const next: Next = { kind: 'failure', failure: event.failure, recovering: true };
      return end(machine, life, 'restart', next, { ...context, policy });
    }
    case 'restartSeen':
      return restartInPlace(machine, life, context);
    case 'endFailed':
      return stuck(machine, event.failure, context);
    case 'stable':
      return life.kind === 'running' ? stay({ ...machine, crashesInARow: 0 }) : stay(machine);
    case 'ended':
      return stay(machine);
    default:
      return assertNever(event);
  }
}

const stay = (machine: Machine): Step => ({ machine, effects: [] });

const before = (effect: Effect, step: Step): Step => ({ ...step, effects: [effect, ...step.effects] });

/** Whoever stops it ends the row of crashes; those inside the window still count. */
function stopped(machine: Machine, reason: StopReason, context: Context): Step {
  return stay({ ...machine, crashesInARow: 0, life: { kind: 'stopped', since: context.now, reason } });
}

/** A start that a person or the settings asked for begins with a clean record; one that a request caused does not. */
function forgive(machine: Machine, reason: StartReason): Machine {
  return reason === 'request' ? machine : { ...machine, crashesInARow: 0, crashTimes: [] };
}

function start(machine: Machine, reason: StartReason, withoutCustomNodes: boolean, context: Context): Step {
  const recovering = reason === 'crashRecovery';
  const life = launching(
    machine,
    { attempt: machine.crashesInARow + 1, reason, withoutCustomNodes, recovering },
    context,
  );
  const { generation } = life;
  return {
    machine: { ...machine, generation, life },
    effects: [{ kind: 'launch', generation, withoutCustomNodes, limitMs: context.policy.startTimeoutMs }],
  };
}

/** The same process or its successor, but another ComfyUI (its queue is empty): a new generation. */
function restartInPlace(machine: Machine, was: Alive, context: Context): Step {
  const recovering = was.kind === 'running' || was.recovering;
  const { withoutCustomNodes } = was;
  const life = launching(machine, { attempt: 1, reason: 'restart', withoutCustomNodes, recovering }, context);
  const { generation } = life;
  return {
    machine: { ...machine, generation, life },
    effects: [{ kind: 'awaitAnswer', generation, limitMs: context.policy.startTimeoutMs }],
  };
}

function launching(
  machine: Machine,
  what: Pick<LifeOf<'starting'>, 'attempt' | 'reason' | 'withoutCustomNodes' | 'recovering'>,
  context: Context,
): LifeOf<'starting'> {
  const generation = machine.generation + 1;
  return { kind: 'starting', generation, since: context.now, phase: 'launching', detail: null, ...what };
}

function answered(machine: Machine, life: LifeOf<'starting'>, event: EventOf<'answered'>, context: Context): Step {
  const { generation, reason, withoutCustomNodes } = life;
  const { pid, port } = event;
  const running: Life = { kind: 'running', generation, pid, port, since: context.now, reason, withoutCustomNodes };
  const effects: Effect[] = [{ kind: 'watch', generation }];
  // A start that was not seen from its beginning, or left custom nodes out, does not say how long the next one takes.
  const seenWhole = reason !== 'adopted' && !(reason === 'restart' && life.recovering);
  if (seenWhole && !withoutCustomNodes) {
    effects.push({ kind: 'rememberStart', seconds: Math.max(0, context.now - life.since) / 1000 });
  }
  return { machine: { ...machine, life: running }, effects };
}

function end(machine: Machine, life: Alive, reason: StopReason, next: Next, context: Context): Step {
  const { generation, withoutCustomNodes } = life;
  return ending(machine, { generation, reason, next, withoutCustomNodes }, context.policy.stopGraceMs, context);
}

/** The operating system refused once; perhaps it no longer does. */
function endAgain(machine: Machine, reason: StopReason, next: Next, context: Context): Step {
  const { generation } = machine;
  return ending(machine, { generation, reason, next, withoutCustomNodes: false }, 0, context);
}

function ending(
  machine: Machine,
  what: Pick<LifeOf<'stopping'>, 'generation' | 'reason' | 'next' | 'withoutCustomNodes'>,
  graceMs: number,
  context: Context,
): Step {
  const life: Life = { kind: 'stopping', since: context.now, deadline: context.now + graceMs, ...what };
  return {
    machine: { ...machine, life },
    effects: [{ kind: 'end', generation: what.generation, graceMs }],
  };
}

function afterEnd(machine: Machine, life: LifeOf<'stopping'>, context: Context): Step {
  const { next } = life;
  switch (next.kind) {
    case 'stopped':
      return stopped(machine, life.reason, context);
    case 'start':
      return start(forgive(machine, next.reason), next.reason, next.withoutCustomNodes, context);
    case 'failure':
      return fail(machine, life, { ...next, permanent: false }, context);
    default:
      return assertNever(next);
  }
}

interface FailureSeen {
  readonly failure: Failure;
  /** Trying again can not help: the command is missing, an argument is wrong. */
  readonly permanent: boolean;
  /** It ran before, so it is tried again; a first start that fails is not. */
  readonly recovering: boolean;
}

function fail(machine: Machine, life: { withoutCustomNodes: boolean }, seen: FailureSeen, context: Context): Step {
  const { failure, permanent, recovering } = seen;
  if (!recovering) return failed(machine, failure, context);
  const { policy, now } = context;
  const counted: Machine = {
    ...machine,
    crashesInARow: machine.crashesInARow + 1,
    crashTimes: [...machine.crashTimes.filter((at) => now - at < policy.crashWindowMs), now],
  };
  if (permanent) return failed(counted, failure, context);
  if (counted.crashTimes.length >= policy.maxCrashes)
    return failed(counted, gaveUp(failure, counted.crashTimes.length, policy), context);
  if (!policy.restartAfterCrash) return failed(counted, failure, context);
  const delayMs = backOffDelayMs(counted.crashesInARow, context.random);
  const attempt = counted.crashesInARow + 1;
  const { withoutCustomNodes } = life;
  return {
    machine: {
      ...counted,
      life: { kind: 'backingOff', attempt, retryAt: now + delayMs, since: now, error: failure, withoutCustomNodes },
    },
    effects: [{ kind: 'backOff', delayMs }],
  };
}

function failed(machine: Machine, error: Failure, context: Context): Step {
  return stay({ ...machine, life: { kind: 'failed', since: context.now, error, processLeft: false } });
}

function stuck(machine: Machine, error: Failure, context: Context): Step {
  return stay({ ...machine, life: { kind: 'failed', since: context.now, error, processLeft: true } });
}
