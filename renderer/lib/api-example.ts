/** Requests to the API port as one types them; double quotes alone, so that every shell takes them. Pure. */

/** @param url of the port, without a path */
export function healthExample(url: string, token: string): string {
  return `curl -H "Authorization: Bearer ${token}" ${url}/v1/health`;
}

/** With the workflow in a file: no shell agrees with another on quotes in quotes. */
export function submitExample(url: string, token: string): string {
  return `curl -H "Authorization: Bearer ${token}" -H "Content-Type: application/json" -d @job.json ${url}/v1/jobs`;
}
