/**
 * The headers a job's result is sent with. Results come from nodes and workers and lie at our own address: nothing in one may run there. Pure.
 */
import type { JobOutput } from '../../contract/jobs.ts';

/** What a browser shows without running anything in it; SVG and HTML are not among them. */
const HARMLESS =
  /^(image\/(png|jpeg|webp|gif|avif)|video\/[\w.-]+|audio\/[\w.-]+|application\/json|text\/plain)(; ?charset=[\w-]+)?$/;

export function resultHeaders({ sha256, type, filename }: Pick<JobOutput, 'sha256' | 'type' | 'filename'>) {
  const isHarmless = HARMLESS.test(type);
  return {
    // Content never changes under its name; the job may be removed, hence private and not for ever. A file of ComfyUI's may be another tomorrow.
    ...(sha256 === null
      ? { 'cache-control': 'private, no-cache' }
      : { etag: `"${sha256}"`, 'cache-control': 'private, max-age=86400' }),
    'content-type': isHarmless ? type : 'application/octet-stream',
    'content-disposition': `${isHarmless ? 'inline' : 'attachment'}; filename*=UTF-8''${encodeURIComponent(filename)}`,
    'content-security-policy': 'sandbox',
    'x-content-type-options': 'nosniff',
  };
}
