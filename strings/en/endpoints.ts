/** RunPod endpoints on the page of targets: the list with what each costs, the form, the test in words. */
import { list, plural } from './grammar.ts';

export const endpointsWords = {
  heading: 'RunPod endpoints',
  intro: 'Rented GPUs that workflows can be sent to. Nothing goes there unless you ask for it.',
  add: 'Add endpoint',
  failed: 'The endpoints could not be read.',
  empty: {
    heading: 'No endpoint yet',
    what: 'An endpoint is a ComfyUI on a GPU rented at RunPod, paid by the second while it works. With one you can queue a workflow there and get the pictures back here, while your own card sleeps.',
    how: 'How to get one',
    steps: [
      'At runpod.io open Serverless → New Endpoint and choose the template “ComfyUI” (worker-comfyui).',
      'Choose a GPU, set “Active workers” to 0 so that it costs nothing at rest, and create it.',
      'Copy the endpoint id, make an API key under Settings → API Keys, and add both here.',
    ],
    link: 'Open RunPod Serverless',
  },

  state: {
    ready: 'Ready',
    noKey: 'Needs its key',
    paused: 'Paused',
    byYou: 'You paused it.',
    noKeyHint: 'Nothing is sent to it until its API key is set.',
  },
  price: (second: string, hour: string) => `${second} a second · ${hour} an hour`,
  free: 'No price is set: what it costs is not counted.',
  limits: (jobs: number, span: string) => `${plural(jobs, 'job', 'jobs')} at once, each at most ${span}`,
  endpointId: 'Endpoint id',
  key: 'API key',
  keyOf: (name: string) => `API key of ${name}`,

  spend: {
    today: 'Today',
    month: 'This month',
    of: (spent: string, cap: string) => `${spent} of ${cap}`,
    noCap: 'no limit',
    reserved: (sum: string) => `${sum} of it held for jobs in flight`,
    reached: 'The limit is reached: nothing more is sent.',
    perJob: (cap: string) => `At most ${cap} a job`,
  },

  action: {
    test: 'Test',
    testing: 'Asking…',
    pause: 'Pause',
    resume: 'Use again',
    edit: 'Edit',
    remove: 'Remove',
    cancelRemote: 'Cancel everything remote',
  },
  named: (action: string, name: string) => `${action}: ${name}`,

  test: {
    answers: 'It answers.',
    noWorkers: 'No worker is on.',
    workers: (groups: readonly string[]) => `Workers: ${list(groups)}.`,
    worker: {
      running: (count: number) => `${count} working`,
      ready: (count: number) => `${count} ready`,
      idle: (count: number) => `${count} idle`,
      initializing: (count: number) => `${count} starting`,
      throttled: (count: number) => `${count} waiting for a GPU`,
      unhealthy: (count: number) => `${count} broken`,
    },
    queue: (waiting: number, running: number) => `Queue: ${waiting} waiting, ${running} running.`,
    coldStart: 'The first job starts one, which takes from seconds to minutes (a cold start).',
    throttled:
      'RunPod has no free GPU of the chosen kind. Wait, or allow more kinds in the endpoint’s settings at RunPod.',
    unhealthy: 'A worker does not start. Read its log at RunPod; often the image or a model path is wrong.',
  },

  form: {
    add: 'Add an endpoint',
    edit: (name: string) => `Edit ${name}`,
    name: 'Name',
    nameHint: 'What you call it here, for example “runpod-4090”.',
    endpointId: 'Endpoint id',
    endpointIdHint: 'From the endpoint’s page at RunPod.',
    price: 'Price',
    priceHint: 'What a worker costs while it runs, as RunPod’s page of the endpoint says it.',
    unit: 'Unit of the price',
    units: { hour: 'per hour', second: 'per second' },
    equals: (price: string) => `= ${price}`,
    capPerDay: 'Limit a day',
    capPerMonth: 'Limit a month',
    capPerJob: 'Limit a job',
    capHint: 'In US dollars. Jobs in flight count at their worst, so it is never passed.',
    capPerJobHint: 'A job is ended when it has cost this much.',
    noCap: 'no limit',
    maxJobs: 'Jobs at once',
    maxJobsHint: 'As many as the endpoint has workers.',
    executionTimeoutSeconds: 'Time limit of a job',
    executionTimeoutHint: 'RunPod ends a job that runs longer.',
    seconds: 's',
    baseUrl: 'Address',
    baseUrlHint: 'RunPod’s own, unless you know better.',
    advanced: 'More',
    save: 'Save',
    saveNew: 'Add',
    saving: 'Saving…',
    cancel: 'Cancel',
    thenKey: 'Next: set its API key.',
    notAnAmount: 'An amount in dollars, for example 0.00034.',
    badName: 'Small letters, digits and dashes, a letter first; at most 40.',
    nameTaken: '“auto” and “local” mean something else here.',
    nameInUse: 'There is an endpoint of this name already.',
    badId: 'Only letters, digits, - and _: the id, not the whole address.',
    badAddress: 'A full address, with https://.',
  },

  removing: {
    title: (name: string) => `Remove ${name}?`,
    explanation:
      'Its settings and its key are forgotten here. The endpoint at RunPod stays, and so does what was spent.',
    keep: 'Keep it',
    remove: 'Remove it',
  },
  emptying: {
    action: 'Empty its queue…',
    title: (name: string, waiting: number) => `Take ${plural(waiting, 'job', 'jobs')} off the queue of ${name}?`,
    explanation:
      'Everything that waits there is removed, also what other programs have sent. What runs goes on. Nothing of it comes back.',
    keep: 'Leave it',
    empty: 'Empty it',
    done: (cancelled: number, removed: number) =>
      `Emptied: ${plural(cancelled, 'job', 'jobs')} of Stoker cancelled, ${removed} taken off by RunPod.`,
  },
  cancelling: {
    title: 'Cancel everything remote?',
    explanation:
      'Every job that waits for an endpoint or runs on one is cancelled. What has run until then is paid for; jobs on this computer go on.',
    keep: 'Let them run',
    cancel: 'Cancel them all',
    done: (count: number) =>
      count === 0 ? 'There was nothing to cancel.' : `Cancelled ${plural(count, 'job', 'jobs')}.`,
  },
};
