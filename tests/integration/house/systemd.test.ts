import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const unit = resolve(import.meta.dirname, '../../../resources/systemd/stoker@.service');
const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;

test.runIf(hasSystemd)('systemd has nothing to say against the unit', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stoker-systemd-'));
  const instance = join(folder, `stoker@${userInfo().username}.service`);
  copyFileSync(unit, instance);
  const { status, stdout, stderr } = spawnSync('systemd-analyze', ['verify', instance], { encoding: 'utf8' });
  rmSync(folder, { recursive: true, force: true });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: '', stderr: '' });
});

test.each([
  ['the engine stops ComfyUI itself, and what is left is killed', 'KillMode=mixed'],
  ['there is time for that: 10 s grace and more', 'TimeoutStopSec=45'],
  ['ComfyUI out of memory does not take the engine down', 'OOMPolicy=continue'],
  ['the data folder is there and private', 'StateDirectoryMode=0700'],
  ['nothing gains rights', 'NoNewPrivileges=yes'],
])('%s', (_, line) => {
  expect(readFileSync(unit, 'utf8').split('\n')).toContain(line);
});

test.each(['MemoryDenyWriteExecute', 'PrivateDevices', 'ProtectClock', 'ProtectHome'])(
  '%s would keep Python from the GPU or from its folder, and is not set',
  (option) => {
    expect(readFileSync(unit, 'utf8')).not.toMatch(new RegExp(`^${option}=`, 'm'));
  },
);
