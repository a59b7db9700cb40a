/**
 * The RunPod simulator: a process of its own that answers like a serverless endpoint, needs no account, and can be made to fail.
 * It knows nothing of Stoker.
 */
import type { AddressInfo } from 'node:net';
import { HELP, parseArguments } from './arguments.ts';
import { createRunpodServer } from './server.ts';

const words = process.argv.slice(2);
const options = parseArguments(words);
if (words.includes('--help')) process.stdout.write(HELP);
else if ('problem' in options) {
  process.stderr.write(`${options.problem}\n\n${HELP}`);
  process.exitCode = 2;
} else {
  const { server, close } = createRunpodServer(options);
  server.listen(options.port, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`RunPod simulator ready: http://127.0.0.1:${port}/v2\n`);
  });
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, close);
}
