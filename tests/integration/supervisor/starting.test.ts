import { chmodSync, existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type Server } from 'node:net';
import { join } from 'node:path';
import getPort from 'get-port';
import { afterEach, describe, expect, it } from 'vitest';
import type { AppError } from '../../../engine/platform/app-error.ts';
import { waitFor } from '../../support/real-processes.ts';
import { endSupervised, supervise, temporaryFolder } from '../../support/supervised-comfyui.ts';

const servers = new Set<Server>();

afterEach(async () => {
  for (const server of servers) server.close();
  servers.clear();
  await endSupervised();
});

const refusal = (promise: Promise<unknown>): Promise<AppError> =>
  promise.then(
    () => Promise.reject(new Error('it started')),
    (error: AppError) => error,
  );

async function takePort(): Promise<number> {
  const server = createServer();
  servers.add(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

describe('a start', () => {
  it('is over when ComfyUI answers, and shows every phase on the way', async () => {
    const { supervisor, transitions } = supervise({ simulator: ['--sim-start-seconds', '0.5'] });
    const { host, port } = await supervisor.ensureRunning('request');
    expect((await fetch(`http://${host}:${port}/system_stats`)).status).toBe(200);
    const phases = transitions.flatMap(({ to }) => (to.kind === 'starting' ? [to.phase] : [to.kind]));
    expect([...new Set(phases)]).toEqual(['launching', 'python', 'torch', 'customNodes', 'server', 'running']);
  });

  it('is one, however many ask for it at once', async () => {
    const { supervisor, survivors } = supervise();
    const addresses = await Promise.all(Array.from({ length: 10 }, () => supervisor.ensureRunning('request')));
    expect(new Set(addresses.map((address) => address.pid)).size).toBe(1);
    expect(await survivors()).toHaveLength(1);
  });

  it('is learnt, so that the next waking page can say how long it takes', async () => {
    const { supervisor } = supervise();
    expect(supervisor.expectedStartSeconds()).toBeNull();
    await supervisor.ensureRunning('user');
    expect(supervisor.expectedStartSeconds()).toBeGreaterThan(0);
  });

  it('passes on that custom nodes are to be left out', async () => {
    const { supervisor } = supervise();
    const { host, port } = await supervisor.ensureRunning('user', { withoutCustomNodes: true });
    const stats = await (await fetch(`http://${host}:${port}/system_stats`)).json();
    expect(stats).toMatchObject({ system: { argv: expect.arrayContaining(['--disable-all-custom-nodes']) } });
    expect(supervisor.state()).toMatchObject({ kind: 'running', withoutCustomNodes: true });
  });

  it('goes on when one who waited for it no longer does', async () => {
    const { supervisor, reach } = supervise({ simulator: ['--sim-start-seconds', '0.5'] });
    const leaves = new AbortController();
    const waiting = refusal(supervisor.ensureRunning('request', { signal: leaves.signal }));
    leaves.abort();
    expect((await waiting).code).toBe('start_cancelled');
    await reach('running');
  });

  it('survives a custom node that fails to import, as ComfyUI does', async () => {
    const { supervisor } = supervise({ simulator: ['--sim-broken-node', 'lab_import_error'] });
    await supervisor.ensureRunning('user');
    expect(supervisor.log.tail(200).filter((line) => line.level === 'error').length).toBeGreaterThan(0);
  });

  it('keeps the newest lines and the whole file of one that prints megabytes', async () => {
    const { supervisor } = supervise({ simulator: ['--sim-print-megabytes', '20'] });
    await supervisor.ensureRunning('user');
    const tail = () => supervisor.log.tail(100_000);
    await waitFor('its last line', () => tail().some((line) => line.text.startsWith('To see the GUI go to')));
    expect(tail().length).toBeLessThanOrEqual(10_000);
    await waitFor(
      'the rotation',
      () => existsSync(`${supervisor.log.file}.1`) && statSync(supervisor.log.file).size < 8_000_000,
    );
    expect(statSync(`${supervisor.log.file}.1`).size).toBeGreaterThan(8_000_000);
  });
});

describe('a start that cannot work', () => {
  it('says so when nothing is configured', async () => {
    const { supervisor } = supervise({ installation: { commandLine: null, folder: null } });
    expect((await refusal(supervisor.ensureRunning('user'))).code).toBe('not_configured');
  });

  it('names the command that is not found', async () => {
    const { supervisor } = supervise({ installation: { commandLine: 'no-such-program main.py' } });
    const error = await refusal(supervisor.ensureRunning('user'));
    expect(error).toMatchObject({ code: 'command_not_found', message: expect.stringContaining('no-such-program') });
  });

  it('names the interpreter problem of a script that cannot run', async () => {
    const script = join(temporaryFolder('script'), 'start.sh');
    writeFileSync(script, '#!/no/such/interpreter\n');
    chmodSync(script, 0o755);
    const { supervisor } = supervise({ installation: { commandLine: `"${script}"` } });
    const error = await refusal(supervisor.ensureRunning('user'));
    expect(error).toMatchObject({ code: 'command_not_found', message: expect.stringContaining('interpreter') });
  });

  it('says that a folder without main.py is none of ComfyUI, and which one is', async () => {
    const folder = temporaryFolder('portable');
    mkdirSync(join(folder, 'ComfyUI'));
    writeFileSync(join(folder, 'ComfyUI', 'main.py'), '');
    const { supervisor } = supervise({ installation: { folder } });
    const error = await refusal(supervisor.ensureRunning('user'));
    expect(error).toMatchObject({ code: 'folder_invalid', message: expect.stringContaining(join(folder, 'ComfyUI')) });
  });

  it('says that the configured Python is missing', async () => {
    const folder = temporaryFolder('comfyui');
    writeFileSync(join(folder, 'main.py'), '');
    const { supervisor } = supervise({ installation: { folder, python: '/no/such/python' } });
    const error = await refusal(supervisor.ensureRunning('user'));
    expect(error).toMatchObject({ code: 'python_missing', message: expect.stringContaining('/no/such/python') });
  });

  it('names the program that holds the private port, and does not touch it (krita-ai-diffusion#390, ComfyLauncher#55)', async () => {
    const port = await takePort();
    const { supervisor, survivors } = supervise({ installation: { port } });
    const error = await refusal(supervisor.ensureRunning('user'));
    expect(error).toMatchObject({ code: 'private_port_taken', details: { failure: { code: 'private_port_taken' } } });
    expect(error.message).toContain(`process ${process.pid}`);
    expect(await survivors()).toEqual([]);
  });

  it('is failed at once when ComfyUI ends at once, with what it printed', async () => {
    const { supervisor } = supervise({ simulator: ['--sim-exit-at-start', '3'] });
    expect(await refusal(supervisor.ensureRunning('user'))).toMatchObject({
      code: 'exited_early',
      message: expect.stringContaining('exit code 3'),
    });
    expect(supervisor.state()).toMatchObject({ kind: 'failed', error: { exitCode: 3 } });
  });

  it('repeats what ComfyUI says about an argument it does not know', async () => {
    const { supervisor } = supervise({ installation: { arguments: ['--no-such-flag'] } });
    const error = await refusal(supervisor.ensureRunning('user'));
    expect(error).toMatchObject({ code: 'exited_early', message: expect.stringContaining('--no-such-flag') });
  });

  it('offers to leave out custom nodes when one of them ended the process without a word', async () => {
    const { supervisor } = supervise({ simulator: ['--sim-exit-node', '7'] });
    await refusal(supervisor.ensureRunning('user'));
    expect(supervisor.state()).toMatchObject({
      error: { exitCode: 7, offerWithoutCustomNodes: true, message: expect.stringContaining('custom nodes') },
    });
  });

  it('ends one that never gets ready, and says how far it came', async () => {
    const { supervisor, survivors } = supervise({
      simulator: ['--sim-never-ready'],
      supervision: { startTimeoutSeconds: 20 },
      timesFaster: 10,
    });
    expect((await refusal(supervisor.ensureRunning('user'))).code).toBe('start_timeout');
    expect(await survivors()).toEqual([]);
  });

  it('is not taken for ready because somebody else answers on its port (ComfyUI PR#9546)', async () => {
    const port = await getPort({ host: '127.0.0.1' });
    // A ComfyUI that never opens its port, while a stranger does that even shows the same command line.
    const { supervisor } = supervise({
      installation: { commandLine: `"${process.execPath}" -e "setInterval(() => {}, 1000)"`, port },
      supervision: { startTimeoutSeconds: 20 },
      timesFaster: 10,
    });
    supervisor.onTransition(({ to }) => {
      if (to.kind !== 'starting' || to.phase !== 'python') return;
      const stranger = createHttpServer((_request, response) => {
        response.end(JSON.stringify({ system: { argv: ['main.py', '--port', String(port)] } }));
      });
      servers.add(stranger.listen(port, '127.0.0.1'));
    });
    expect(await refusal(supervisor.ensureRunning('user'))).toMatchObject({
      code: 'start_timeout',
      message: expect.stringContaining('not the ComfyUI that Stoker started'),
    });
  });

  it('can be tried again after the settings were corrected', async () => {
    const supervised = supervise({ installation: { commandLine: 'no-such-program' } });
    await refusal(supervised.supervisor.ensureRunning('user'));
    supervised.settings = supervise().settings;
    await expect(supervised.supervisor.ensureRunning('request')).resolves.toMatchObject({ host: '127.0.0.1' });
  });
});
