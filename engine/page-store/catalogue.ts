/** Tells whether two answers of `/object_info` are the same nodes to somebody who builds a workflow. Pure. */

/**
 * A new model in a list counts; a new picture in the input folder does not, because the page itself uploads those all day.
 * What is not understood is another catalogue.
 */
export function isSameCatalogue(before: Buffer, after: Buffer): boolean {
  if (before.equals(after)) return true;
  const [first, second] = [before, after].map(nodesOf);
  return first !== null && second !== null && first === second;
}

function nodesOf(body: Buffer): string | null {
  try {
    const nodes = JSON.parse(body.toString('utf8')) as Record<
      string,
      { input?: Record<string, Record<string, unknown>> }
    >;
    for (const node of Object.values(nodes)) {
      for (const inputs of Object.values(node.input ?? {})) {
        for (const [name, input] of Object.entries(inputs ?? {})) inputs[name] = withoutUploads(input);
      }
    }
    const sorted = Object.entries(nodes).sort(([a], [b]) => (a < b ? -1 : 1));
    return JSON.stringify(sorted);
  } catch {
    return null;
  }
}

/** A list of files that the page uploads to: `[["a.png"], {"image_upload": true}]`, in newer ones `["COMBO", {"options": […], …}]`. */
function withoutUploads(input: unknown): unknown {
  if (!Array.isArray(input)) return input;
  const [type, options] = input as [unknown, Record<string, unknown> | undefined];
  const isUpload = Object.keys(options ?? {}).some((key) => key.endsWith('_upload') && options?.[key] === true);
  return isUpload ? [Array.isArray(type) ? 'COMBO' : type, { ...options, options: [] }] : input;
}
