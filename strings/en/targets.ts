/** The page of targets: its head, trouble with one, other servers, and what an endpoint is known to have. Endpoints have a part of their own. */
import { plural } from './grammar.ts';

export const targetsWords = {
  heading: 'Targets',
  intro: 'Where jobs can run besides this computer.',

  trouble: 'Rests after trouble',
  triedIn: (countdown: string) => `tried again in ${countdown}`,
  triedNext: 'Had trouble: the next job tries it',
  held: (count: number) =>
    count === 0 ? 'None of your jobs is there now' : `${plural(count, 'job', 'jobs')} of yours there`,
  keyOf: (name: string) => `Key of ${name}`,

  servers: {
    heading: 'Other servers',
    intro: 'Your ComfyUI on other computers, with or without a Stoker before it. They cost nothing.',
    add: 'Add server',
    failed: 'The servers could not be read.',
    empty: 'No other server yet. With the address of one, jobs run there while this computer does something else.',
    asking: 'Asking…',
    answers: 'Answers',
    version: (version: string) => `Answers, ComfyUI ${version}`,
    asleep: 'Answers, sleeps',
    silent: 'Does not answer',
    queue: (waiting: number, running: number) =>
      waiting + running === 0 ? 'its queue is empty' : `its queue: ${running} running, ${waiting} waiting`,
    limits: (jobs: number) => `${plural(jobs, 'job', 'jobs')} at once`,
    automatic: 'takes part by itself',
    byNameOnly: 'only when named',
    key: 'Key',
    form: {
      add: 'Add a server',
      edit: (name: string) => `Edit ${name}`,
      name: 'Name',
      nameHint: 'What you call it here, for example “studio”.',
      url: 'Address',
      urlHint: 'As your browser opens it. Where a Stoker lets it sleep, the address of that Stoker.',
      maxJobs: 'Jobs at once',
      maxJobsHint: 'More wait here, where they can still go elsewhere.',
      automatic: 'Take part by itself',
      automaticHint: 'Jobs for “Anywhere free of charge” may go there; otherwise only those that name it.',
      badAddress: 'A full address, for example http://192.168.1.20:8188.',
      nameInUse: 'There is a server of this name already.',
      thenKey: 'If it asks for a key or an access token: set it here.',
    },
    removing: {
      title: (name: string) => `Remove ${name}?`,
      explanation: 'Its address and its key are forgotten here. Nothing changes on that computer.',
    },
  },

  has: {
    summary: 'What it has',
    intro: 'A job that needs what is missing is refused before it costs anything.',
    failed: 'What it has could not be read.',
    kind: { nodeTypes: 'Custom nodes', models: 'Models' },
    listed: (count: number) => `${plural(count, 'name', 'names')} in your list`,
    nothingListed: 'Your list is empty: it has none',
    noList: 'No list of yours',
    noListHint: 'What no run has taught is tried.',
    present: (count: number) => `${count.toLocaleString('en')} proved by runs`,
    absent: (count: number) => `${count.toLocaleString('en')} missing, as runs found`,
    nothingLearnt: 'No run has taught anything yet',
    edit: 'Edit the lists',
    forget: 'Forget what runs taught',
    forgetHint: 'After its image or its volume was changed.',
    forgotten: 'Forgotten.',
    saved: 'Saved.',
    complete: { nodeTypes: 'I list all custom nodes', models: 'I list all models' },
    hint: {
      nodeTypes:
        'Node types as workflows name them, one a line. ComfyUI’s own need no naming. What is not in the list is not there.',
      models: 'As workflows name them, with folders, one a line. What is not in the list is not there.',
    },
    listOf: { nodeTypes: 'List of custom nodes', models: 'List of models' },
    tooMany: 'At most 20,000 names, each at most 300 characters.',
    save: 'Save the lists',
    saving: 'Saving…',
    cancel: 'Cancel',
  },
};
