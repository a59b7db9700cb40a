/** Who holds the public and the private port? A stranger is named, never touched. */
import { createServer } from 'node:net';
import { type Check, ok, problem } from './check.ts';

export const publicPortCheck: Check = {
  id: 'port-public',
  title: 'Public port',

  async examine({ settings, table }) {
    const { host, port } = settings.network;
    if (port === 0) return ok('A free port is chosen at each start of Stoker.');
    const holder = await table.listenerOf(port);
    if (holder?.pid === process.pid) return ok(`Stoker listens on ${host}:${port}.`);
    const held = holder === null ? await refusalOf(host, port) : heldBy(port, holder);
    return held === null
      ? ok(`${host}:${port} is free.`)
      : problem(held, 'End that program, or choose another port in Settings.');
  },
};

export const privatePortCheck: Check = {
  id: 'port-private',
  title: 'Private port',

  async examine({ settings, table, comfyPids }) {
    const { host, port } = settings.installation;
    if (port === null) return ok('A free port is chosen at each start of ComfyUI.');
    if (port === settings.network.port) {
      return problem(`The private port is the public one (${port}).`, 'Leave the private port empty in Settings.');
    }
    const holder = await table.listenerOf(port);
    if (holder !== null && (await comfyPids()).includes(holder.pid)) return ok(`ComfyUI listens on ${host}:${port}.`);
    const held = holder === null ? await refusalOf(host, port) : heldBy(port, holder);
    return held === null
      ? ok(`${host}:${port} is free.`)
      : problem(held, 'End that program, or leave the private port empty so that a free one is chosen.');
  },
};

function heldBy(port: number, holder: { readonly pid: number; readonly command: string }): string {
  return `Port ${port} is held by process ${holder.pid}: ${holder.command.slice(0, 200)}`;
}

/** Why the system does not let anybody listen there, in words; null when it does. */
function refusalOf(host: string, port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) =>
      resolve(
        // A holder that the process table does not show.
        code === 'EADDRINUSE'
          ? `Port ${port} is held by a program of another user.`
          : `Stoker may not listen on port ${port} (${code ?? 'unknown error'}).`,
      ),
    );
    server.listen({ host, port, exclusive: true }, () => server.close(() => resolve(null)));
  });
}
