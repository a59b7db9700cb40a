/** The words of the pages *Queue* and *Job* in English. */
import type { JobStateName, RunPhase } from '../../contract/jobs.ts';
import type { JobDoing } from '../vocabulary.ts';
import { plural } from './grammar.ts';

const STATE: Record<JobStateName, string> = {
  queued: 'Waiting',
  running: 'Running',
  completed: 'Done',
  failed: 'Failed',
  cancelled: 'Cancelled',
};

const PHASE: Record<RunPhase, string> = {
  submitting: 'Being handed over',
  waiting: 'In line there',
  executing: 'Running',
  fetching: 'Results are fetched',
  cancelling: 'Being cancelled',
};

const jobs = (count: number): string => plural(count, 'job', 'jobs');
const because = (reason: string): string => (reason === '' ? '.' : `: ${reason}`);

const DONE: Record<JobDoing, (count: number) => string> = {
  cancel: (count) => `${jobs(count)} cancelled.`,
  retry: (count) => `${jobs(count)} queued again.`,
  retryElsewhere: (count) => `${jobs(count)} queued again.`,
  offload: (count) => `${jobs(count)} moved.`,
  bringBack: (count) => `${jobs(count)} brought back.`,
  delete: (count) => `${jobs(count)} deleted.`,
  cancelRemote: (count) => (count === 0 ? 'Nothing was remote any more.' : `${jobs(count)} on rented cards cancelled.`),
  move: () => 'Moved.',
};

const NOT_DONE: Record<JobDoing, (count: number, reason: string) => string> = {
  cancel: (count, reason) => `${jobs(count)} could not be cancelled${because(reason)}`,
  retry: (count, reason) => `${jobs(count)} could not be queued again${because(reason)}`,
  retryElsewhere: (count, reason) => `${jobs(count)} could not be queued again${because(reason)}`,
  offload: (count, reason) => `${jobs(count)} stayed${because(reason)}`,
  bringBack: (count, reason) => `${jobs(count)} stayed${because(reason)}`,
  delete: (count, reason) => `${jobs(count)} could not be deleted${because(reason)}`,
  cancelRemote: (_count, reason) => `What is remote could not be cancelled${because(reason)}`,
  move: (_count, reason) => `The job could not be moved${because(reason)}`,
};

export const jobWords = {
  state: STATE,
  phase: PHASE,
  done: DONE,
  notDone: NOT_DONE,

  group: { running: 'Running', waiting: 'Waiting', ended: 'Ended' },
  summary: (running: number, waiting: number) =>
    running + waiting === 0 ? 'Nothing runs or waits.' : `${running} running, ${waiting.toLocaleString('en')} waiting`,
  listFailed: 'The list could not be read.',
  tryAgain: 'Try again',
  loadingMore: 'Loading more…',
  showAll: (group: string, count: number | null) =>
    count === null ? `${group}: show all` : `${group}: show all ${count.toLocaleString('en')}`,
  empty: 'No jobs yet',
  emptyHint: 'Press Run in ComfyUI, or send a workflow from a terminal:',
  emptyCommand: 'stoker run workflow.json',
  noMatch: 'No job fits the search and the filter.',
  clearFilter: 'Show all jobs',

  search: 'Search title, tag or id',
  clearSearch: 'Clear the search',
  stateShown: 'State shown',
  all: 'All',
  targetShown: 'Target shown',
  everywhere: 'All targets',
  onlyTag: (tag: string) => `Only jobs with the tag ${tag}`,
  tagShown: (tag: string) => `Tag: ${tag}`,
  dropTag: (tag: string) => `Show jobs without the tag ${tag} too`,

  local: 'This computer',
  auto: 'Anywhere free of charge',
  onLocal: 'on this computer',
  on: (target: string) => `on ${target}`,
  wants: (target: string) => `for ${target}`,
  fromPage: 'from ComfyUI',
  nodes: (count: number) => plural(count, 'node', 'nodes'),
  files: (count: number) => plural(count, 'file', 'files'),
  took: (span: string) => `took ${span}`,
  queuedAt: (moment: string) => `queued ${moment}`,
  runsAt: (moment: string) => `not before ${moment}`,
  attempt: (attempt: number) => `try ${attempt}`,
  progress: (title: string) => `Progress of ${title}`,
  preview: 'What it paints just now',

  select: (title: string) => `Select ${title}`,
  selectAll: (group: string) => `Select all: ${group}`,
  selected: (count: number) => `${count.toLocaleString('en')} selected`,
  clearSelection: 'Clear the selection',
  actionsOf: (title: string) => `Actions for ${title}`,
  reorder: (title: string) => `Move ${title}: arrow keys, Home, End`,
  movedTo: (title: string, place: number, count: number) => `${title}: now ${place} of ${count}`,

  cancel: 'Cancel',
  retry: 'Retry',
  retryOn: (where: string) => `Retry ${where}`,
  runOn: 'Move to',
  runOnTarget: (target: string) => `Move to ${target}`,
  bringBack: 'Bring back',
  delete: 'Delete',
  move: { top: 'Move to the top', up: 'Move up', down: 'Move down', bottom: 'Move to the end' },
  cancelRemote: 'Cancel everything remote',

  ask: {
    keep: 'Leave it',
    deleteTitle: (count: number) => (count === 1 ? 'Delete this job?' : `Delete ${jobs(count)}?`),
    deleteHint:
      'It leaves the list, and the results that only Stoker keeps go with it. What lies in ComfyUI’s folders stays.',
    delete: 'Delete',
    uncertainTitle: 'Queue again, and maybe pay again?',
    uncertainHint: (count: number) =>
      count === 1
        ? 'Nobody knows whether this job ran: the answer of the target was lost. Once more may cost once more.'
        : `Of ${jobs(count)} nobody knows whether they ran: the answer of the target was lost. Once more may cost once more.`,
    uncertain: 'Queue again',
    cancelRemoteTitle: 'Cancel everything remote?',
    cancelRemoteHint:
      'Every job on every endpoint ends, waiting or running. What a running one has cost until now stays booked.',
    cancelRemote: 'Cancel all of it',
  },

  page: {
    back: 'Queue',
    missing: 'There is no such job. It may have been deleted.',
    failed: 'The job could not be read.',
    inList: 'Show in the list',
    retryElsewhere: 'Retry elsewhere',
    outputs: 'Results',
    noOutputs: 'No files came of it.',
    noOutputsYet: 'Files appear here when it is done.',
    inputs: 'What it uses',
    noInputs: 'It names no files.',
    inputFiles: 'Input files',
    models: 'Models',
    facts: 'Details',
    target: 'Target',
    wanted: 'Wanted',
    queued: 'Queued',
    started: 'Started',
    ended: 'Ended',
    duration: 'Took',
    waited: 'Waited',
    cost: 'Cost',
    costHint: 'as booked',
    priority: 'Priority',
    tags: 'Tags',
    user: 'User',
    id: 'Id',
    timeline: 'Timeline',
    log: 'What ComfyUI printed meanwhile',
    noLog: 'Nothing of that time is kept any more.',
    logFailed: 'The log could not be read.',
    workflow: 'Workflow',
    copyWorkflow: 'Copy the workflow',
    downloadWorkflow: 'Download',
    nodesByType: (type: string, count: number) => (count === 1 ? type : `${type} × ${count}`),
  },
};
