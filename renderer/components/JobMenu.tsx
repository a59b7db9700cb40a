/** What can be done with one job, behind three dots; empty choices are left out. */
import { MoreHorizontal } from 'lucide-react';
import type { JobSummary } from '../../contract/jobs.ts';
import type { TargetStatus } from '../../contract/targets.ts';
import type { JobDeeds } from '../hooks/job-deeds.ts';
import { allows, type JobMove } from '../lib/job-deed.ts';
import { jobTitle, onTarget } from '../lib/job-sentence.ts';
import { words } from '../words.ts';
import { Menu, type MenuCommand } from './Menu.tsx';

export function JobMenu({
  job,
  deeds,
  targets,
  moves,
  onMove,
}: {
  job: JobSummary;
  deeds: JobDeeds;
  /** Beside the local ComfyUI. */
  targets: readonly TargetStatus[];
  /** Those that change its place in the order. */
  moves: readonly JobMove[];
  onMove: (move: JobMove) => void;
}) {
  const commands = [
    ...moves.map((move) => ({ id: move, label: words.jobs.move[move], run: () => onMove(move) })),
    ...deedCommands(job, deeds, targets),
  ];
  return commands.length === 0 ? null : (
    <Menu
      label={words.jobs.actionsOf(jobTitle(job))}
      icon={<MoreHorizontal aria-hidden />}
      iconOnly
      weight="quiet"
      commands={commands}
    />
  );
}

function deedCommands(job: JobSummary, deeds: JobDeeds, targets: readonly TargetStatus[]): MenuCommand[] {
  const commands: MenuCommand[] = [];
  if (allows(job, 'offload')) {
    for (const { name } of targets)
      commands.push({
        id: `offload-${name}`,
        label: words.jobs.runOnTarget(name),
        run: () => deeds.run('offload', [job], name),
      });
  }
  if (allows(job, 'bringBack'))
    commands.push({ id: 'bringBack', label: words.jobs.bringBack, run: () => deeds.run('bringBack', [job]) });
  if (allows(job, 'retry'))
    commands.push({ id: 'retry', label: words.jobs.retry, run: () => deeds.run('retry', [job]) });
  commands.push(...retryElsewhereCommands(job, deeds, targets));
  if (allows(job, 'cancel'))
    commands.push({ id: 'cancel', label: words.jobs.cancel, run: () => deeds.run('cancel', [job]) });
  if (allows(job, 'delete'))
    commands.push({ id: 'delete', label: words.jobs.delete, run: () => deeds.run('delete', [job]) });
  return commands;
}

/** On every target but the one that it would go to anyway. */
export function retryElsewhereCommands(
  job: JobSummary,
  deeds: JobDeeds,
  targets: readonly TargetStatus[],
): MenuCommand[] {
  if (!allows(job, 'retryElsewhere') || targets.length === 0) return [];
  const usual = job.wantedTarget === 'auto' ? 'local' : job.wantedTarget;
  return ['local', ...targets.map(({ name }) => name)]
    .filter((name) => name !== usual)
    .map((name) => ({
      id: `retry-${name}`,
      label: words.jobs.retryOn(onTarget(name)),
      run: () => deeds.run('retryElsewhere', [job], name),
    }));
}
