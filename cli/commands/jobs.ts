/** `stoker jobs`: the list, one job, and what can be done with it. */
import { type Command, Option } from 'commander';
import { z } from 'zod';
import { JOB_STATES, JobListSchema, JobSchema } from '../../contract/jobs.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { type ClientOptions, clientCommand, openClient } from '../client-command.ts';
import { jobLines, stateWords } from '../job-view.ts';
import { paint, print, printJson } from '../output.ts';

interface JobsOptions extends ClientOptions {
  readonly state?: string;
  readonly search?: string;
  readonly cancel?: boolean;
  readonly retry?: boolean;
  readonly remove?: boolean;
}

export function jobsCommand(): Command {
  return clientCommand('jobs', 'list jobs, or look at one')
    .argument('[id]', 'one job')
    .addOption(new Option('--state <state>', 'only these').choices(JOB_STATES))
    .option('--search <text>', 'in title, id and tags')
    .addOption(new Option('--cancel', 'the named job').conflicts(['retry', 'remove']))
    .addOption(new Option('--retry', 'the named job, which failed or was cancelled').conflicts('remove'))
    .option('--remove', 'the named job and its results, after its end')
    .action((id: string | undefined, options: JobsOptions) => (id === undefined ? list(options) : act(id, options)));
}

async function list(options: JobsOptions): Promise<void> {
  const query = new URLSearchParams();
  if (options.state !== undefined) query.set('state', options.state);
  if (options.search !== undefined) query.set('search', options.search);
  const answer = await openClient(options).get(`${MANAGER_ROUTES.jobs}?${query}`, JobListSchema);
  if (options.json) printJson(answer);
  else if (answer.jobs.length === 0) print('No jobs.');
  else print(jobLines(answer.jobs, Date.now(), paint));
}

async function act(id: string, options: JobsOptions): Promise<void> {
  const client = openClient(options);
  const path = `${MANAGER_ROUTES.jobs}/${encodeURIComponent(id)}`;
  if (options.remove) {
    await client.delete(path, z.undefined());
    if (!options.json) print(`Job ${id} is forgotten.`);
    return;
  }
  const verb = options.cancel ? 'cancel' : options.retry ? 'retry' : null;
  const job = verb === null ? await client.get(path, JobSchema) : await client.post(`${path}/${verb}`, {}, JobSchema);
  if (options.json) printJson(job);
  else {
    const happened = job.timeline.map(({ at, message }) => `${new Date(at).toLocaleTimeString()}  ${message}`);
    const files = job.files.map(({ n, filename, bytes }) => `result ${n}: ${filename}, ${bytes} bytes`);
    print([stateWords(job.state), ...(job.note === null ? [] : [job.note]), ...happened, ...files]);
  }
}
