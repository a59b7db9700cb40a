import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../../engine/platform/app-error.ts';
import { nameHolder } from '../../../engine/port-holder.ts';
import { createProcessTable } from '../../../engine/supervisor/processes/process-table.ts';

const taken = (port: number) =>
  new AppError('public_port_taken', `Another program listens on 127.0.0.1:${port} already.`, {
    details: { host: '127.0.0.1', port },
  });

describe('the port of Stoker is taken', () => {
  it('names the program that a person has to end', async () => {
    const server = createServer();
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const named = (await nameHolder(taken(port), createProcessTable())) as AppError;
    server.close();
    expect(named.code).toBe('public_port_taken');
    expect(named.message).toBe(`node (process ${process.pid}) listens on 127.0.0.1:${port} already.`);
    expect(named.details).toMatchObject({ port, pid: process.pid });
  });

  it('keeps its words where the program cannot be seen, and leaves other errors alone', async () => {
    const error = taken(8188);
    expect(await nameHolder(error, { listenerOf: async () => null })).toBe(error);
    const blind = {
      listenerOf: async () => {
        throw new Error('lsof failed');
      },
    };
    expect(await nameHolder(error, blind)).toBe(error);
    const other = new Error('x');
    expect(await nameHolder(other, blind)).toBe(other);
  });
});
