/** The form of another server: what is typed, as the contract's schema judges it, and back. Pure. */
import { EndpointNameSchema } from '../../contract/endpoints.ts';
import { type Server, type ServerBody, ServerBodySchema } from '../../contract/targets.ts';
import { words } from '../words.ts';
import { issueWords, readNumber } from './setting-value.ts';
import { targetNameProblem } from './target-name.ts';

export interface ServerDraft {
  readonly name: string;
  readonly url: string;
  readonly maxJobs: string;
  readonly automatic: boolean;
}
export type ServerField = 'name' | 'url' | 'maxJobs';
export type ServerProblems = Readonly<Partial<Record<ServerField, string>>>;

export type ServerReading =
  | { readonly kind: 'body'; readonly name: string; readonly body: ServerBody }
  | { readonly kind: 'problems'; readonly problems: ServerProblems };

/** In the order of the form. */
export const SERVER_FIELDS: readonly ServerField[] = ['name', 'url', 'maxJobs'];

export function newServerDraft(): ServerDraft {
  const { maxJobs, automatic } = ServerBodySchema.shape;
  return { name: '', url: '', maxJobs: String(maxJobs.parse(undefined)), automatic: automatic.parse(undefined) };
}

export const serverDraftOf = ({ name, url, maxJobs, automatic }: Server): ServerDraft => ({
  name,
  url,
  maxJobs: String(maxJobs),
  automatic,
});

export function readServerDraft({ name, url, maxJobs, automatic }: ServerDraft): ServerReading {
  const problems: Partial<Record<ServerField, string>> = {};
  const goodName = EndpointNameSchema.safeParse(name.trim());
  if (!goodName.success) problems.name = targetNameProblem(name.trim());
  const most = readNumber(maxJobs.trim(), true);
  if (most.kind === 'problem') problems.maxJobs = most.problem;
  if (url.trim() === '') problems.url = words.invalid.required;
  const body = ServerBodySchema.safeParse({
    url: url.trim().replace(/\/+$/, ''),
    maxJobs: most.kind === 'value' ? most.value : undefined,
    automatic,
  });
  for (const issue of body.error?.issues ?? []) {
    if (issue.path[0] === 'url') problems.url ??= words.targets.servers.form.badAddress;
    else if (issue.path[0] === 'maxJobs') problems.maxJobs ??= issueWords(issue);
  }
  if (body.data === undefined || !goodName.success || Object.keys(problems).length > 0) {
    return { kind: 'problems', problems };
  }
  return { kind: 'body', name: goodName.data, body: body.data };
}
