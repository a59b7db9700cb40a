/**
 * The dry run of a submission, and the same look before money is spent: what the workflow needs, what the place lacks, what it weighs and
 * what it will cost. Sends nothing, wakes nothing, and remembers what every run has taught.
 */
import type { EndpointBody } from '../../contract/endpoints.ts';
import type { JobCheck } from '../../contract/job-check.ts';
import type { JobError, SubmitJobBody, Workflow } from '../../contract/jobs.ts';
import { type CatalogueDigest, choicesOf } from '../comfyui/catalogue-digest.ts';
import type { GroupCommit } from '../jobs/group-commit.ts';
import { refusal, worstCost } from '../money/budget.ts';
import type { Ledger } from '../money/ledger.ts';
import { toAppError } from '../platform/app-error.ts';
import { jobError } from '../targets/job-error.ts';
import { MOST_REQUEST_BYTES, type PackagedJob } from '../targets/runpod/package-job.ts';
import type { RunEnd, TargetOffer } from '../targets/target.ts';
import type { LessonStore } from './lesson-store.ts';
import { lessonsOf } from './lessons-of-run.ts';
import { modelName, needsOf, ownOf } from './needs.ts';
import { compare, type KnownPlace, type Parity } from './parity.ts';
import { shapeOf } from './shape.ts';
import { soundnessOf } from './soundness.ts';

export interface Preflight {
  check(body: Pick<SubmitJobBody, 'workflow' | 'target'>): Promise<JobCheck>;
  /** What that endpoint is known to lack, as the error a submission gets; null when nothing is known to be missing. */
  lacks(endpoint: string, workflow: Workflow): JobError | null;
  /** A run has ended; inside a commit of the caller's. */
  learn(target: string, workflow: Workflow, end: RunEnd): void;
  readonly lessons: Pick<LessonStore, 'lists' | 'place'>;
  setLists(target: string, lists: ReturnType<LessonStore['lists']>): Promise<void>;
  forget(target: string): Promise<void>;
}

export interface PreflightDeps {
  readonly lessons: LessonStore;
  readonly group: GroupCommit;
  /** Of the local ComfyUI, as last seen. */
  readonly catalogue: () => CatalogueDigest | null;
  readonly localTarget: string;
  /** Null when that target costs nothing. */
  readonly endpoint: (name: string) => EndpointBody | null;
  readonly offer: (name: string) => TargetOffer | null;
  readonly ledger: Pick<Ledger, 'spend'>;
  readonly packageJob: (workflow: Workflow) => Promise<PackagedJob>;
}

export function createPreflight(deps: PreflightDeps): Preflight {
  const { lessons, group, catalogue, localTarget, endpoint } = deps;

  /** Of the core: what the local ComfyUI brings itself, another of about its age brings too. */
  const isCore = (nodeType: string): boolean => {
    const origin = ownOf(catalogue(), nodeType)?.python_module ?? '';
    return origin === 'nodes' || origin.startsWith('comfy_extras') || origin.startsWith('comfy_api_nodes');
  };

  function parityOf(target: string, workflow: Workflow): Parity {
    const known = catalogue();
    const place = target === localTarget ? localPlace(known) : lessons.place(target);
    return compare(needsOf(workflow, known), place, target === localTarget ? () => false : isCore);
  }

  function lacks(name: string, workflow: Workflow): JobError | null {
    const parity = parityOf(name, workflow);
    return parity.missingNodeTypes.length + parity.missingModels.length === 0
      ? null
      : jobError('missing_on_endpoint', `${name} is known to lack ${lackedWords(parity)}.`);
  }

  function estimateOf(target: string, workflow: Workflow): JobCheck['estimate'] {
    const time = lessons.timeOf(target, shapeOf(workflow));
    const price = endpoint(target)?.microDollarsPerSecond ?? null;
    return time === null ? null : { ...time, microDollars: price === null ? null : Math.ceil(time.seconds * price) };
  }

  /** What it weighs, and why RunPod would not get it. */
  async function weigh(workflow: Workflow): Promise<Weighed> {
    try {
      const { files, bytes } = await deps.packageJob(workflow);
      return { files, bytes, problem: null };
    } catch (error) {
      const { code, message, details } = toAppError(error);
      const sizes = Object.entries(typeof details.files === 'object' && details.files !== null ? details.files : {});
      return {
        files: sizes.map(([name, bytes]) => ({ name, bytes: Number(bytes) })),
        bytes: typeof details.bytes === 'number' ? details.bytes : null,
        problem: jobError(code, message),
      };
    }
  }

  return {
    lessons,
    lacks,
    async check({ workflow, target: wanted }) {
      const target = wanted === 'auto' ? localTarget : wanted;
      const place = endpoint(target);
      const needs = needsOf(workflow, catalogue());
      const parity = parityOf(target, workflow);
      const sound = soundnessOf(workflow, catalogue());
      const problems: JobError[] = sound.errors.map((message) => jobError('invalid_workflow', message));
      const warnings: string[] = [...sound.doubts];
      let weighed: Weighed | null = null;
      if (place === null) {
        if (parity.missingModels.length + parity.missingNodeTypes.length > 0) {
          warnings.push(`${target} had no ${lackedWords(parity)} when it last ran.`);
        }
      } else {
        weighed = await weigh(workflow);
        const over = refusal(place, deps.ledger.spend(target));
        problems.push(
          ...[weighed.problem, lacks(target, workflow), over === null ? null : jobError('budget_reached', over)].filter(
            (problem) => problem !== null,
          ),
        );
        if (parity.unproved.length > 0) {
          warnings.push(`Not known whether ${target} has: ${shortList(parity.unproved)}.`);
        }
      }
      const busy = deps.offer(target)?.refusal ?? null;
      if (busy !== null && !problems.some(({ message }) => message === busy)) warnings.push(busy);
      return {
        target,
        ok: problems.length === 0,
        problems,
        warnings,
        files: [...(weighed?.files ?? [])],
        requestBytes: weighed?.bytes ?? null,
        limitBytes: place === null ? null : MOST_REQUEST_BYTES,
        nodeTypes: [...needs.nodeTypes],
        models: [...needs.models],
        missingNodeTypes: [...parity.missingNodeTypes],
        missingModels: [...parity.missingModels],
        estimate: estimateOf(target, workflow),
        worstMicroDollars: place === null ? null : worstCost(place),
      };
    },
    learn(target, workflow, end) {
      const needs = needsOf(workflow, catalogue());
      if (target !== localTarget) lessons.learn(target, lessonsOf(end, workflow, needs));
      if (end.kind === 'completed' && typeof end.executionMs === 'number') {
        lessons.learnTime(target, shapeOf(workflow), end.executionMs);
      }
    },
    setLists: (target, lists) => group.commit(() => lessons.setLists(target, lists)),
    forget: (target) => group.commit(() => lessons.forget(target)),
  };
}

interface Weighed {
  readonly files: PackagedJob['files'];
  readonly bytes: number | null;
  readonly problem: JobError | null;
}

function localPlace(catalogue: CatalogueDigest | null): KnownPlace {
  const nothing = { present: new Set<string>(), absent: new Set<string>() };
  const models = catalogue === null ? null : new Set(modelsOf(catalogue));
  return {
    nodeTypes: { ...nothing, listed: catalogue === null ? null : new Set(Object.keys(catalogue)) },
    models: { ...nothing, listed: models },
  };
}

const modelsOf = (catalogue: CatalogueDigest): string[] =>
  Object.values(catalogue).flatMap(({ input }) =>
    [...Object.values(input.required), ...Object.values(input.optional)].flatMap(choicesOf).map(modelName),
  );

const MOST_NAMES = 8;
const shortList = (names: readonly string[]): string =>
  names.slice(0, MOST_NAMES).join(', ') + (names.length > MOST_NAMES ? ` and ${names.length - MOST_NAMES} more` : '');

function lackedWords({ missingNodeTypes, missingModels }: Parity): string {
  const parts = [
    ...(missingNodeTypes.length === 0 ? [] : [`the nodes ${shortList(missingNodeTypes)}`]),
    ...(missingModels.length === 0 ? [] : [`the models ${shortList(missingModels)}`]),
  ];
  return parts.join(' and ');
}
