import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SECRET_MASK, SettingsAnswerSchema, SettingsSchema } from '../../../../contract/settings.ts';
import { AppError } from '../../../../engine/platform/app-error.ts';
import { silentLog } from '../../../../engine/platform/log.ts';
import { createSecretStore } from '../../../../engine/platform/secrets.ts';
import {
  createSettingsStore,
  type SettingsChange,
  type SettingsStoreDeps,
} from '../../../../engine/platform/settings.ts';
import { anySettings } from '../../../support/any-settings.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stoker-settings-'));
  file = join(folder, 'settings.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(more: Partial<SettingsStoreDeps> = {}) {
  const { environment = {} } = more;
  const log = silentLog();
  const secrets = createSecretStore({ file: secretsFile(), environments: [environment], memory: {}, log });
  return createSettingsStore({ file, configEnvFile: null, environment, secrets, log, ...more });
}

const secretsFile = (): string => join(folder, 'secrets.json');
const saved = (): unknown => JSON.parse(readFileSync(file, 'utf8'));
const badFiles = () => readdirSync(folder).filter((name) => name.startsWith('settings.bad-'));

/** The fields an invalid patch was refused for. */
function refusal(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_settings') return error.details.fields;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('a fresh folder', () => {
  test('has the defaults and no file', () => {
    const settings = open();
    expect(settings.current()).toEqual(SettingsSchema.parse({}));
    expect(settings.answer().problems).toEqual([]);
    expect(existsSync(file)).toBe(false);
  });
});

describe('patch', () => {
  test('saves what differs from the defaults and nothing else, for this user alone', () => {
    open().patch({ idle: { stopAfterSeconds: 60, freeAfterSeconds: 0 } });
    expect(saved()).toEqual({ idle: { stopAfterSeconds: 60 } });
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('leaves the rest of a group as it was', () => {
    const settings = open();
    settings.patch({ idle: { freeAfterSeconds: 30 } });
    settings.patch({ idle: { stopAfterSeconds: 60 } });
    expect(settings.current().idle).toMatchObject({ freeAfterSeconds: 30, stopAfterSeconds: 60 });
  });

  test('takes a value out of the file when it is the default again', () => {
    const settings = open();
    settings.patch({ idle: { stopAfterSeconds: 60 }, network: { port: 9000 } });
    settings.patch({ idle: { stopAfterSeconds: 300 } });
    expect(saved()).toEqual({ network: { port: 9000 } });
    expect(settings.answer().origins['idle.stopAfterSeconds']).toBe('default');
  });

  test('names every bad field in words and changes nothing', () => {
    const settings = open();
    expect(
      refusal(() =>
        settings.patch({
          idle: { stopAfterSeconds: -1, sleepy: true },
          network: { whenAsleepShow: 'nothing', token: 'short', port: 9000 },
        }),
      ),
    ).toEqual({
      'idle.stopAfterSeconds': 'must be a whole number from 0 to 604800',
      'idle.sleepy': 'is not a setting',
      'network.whenAsleepShow': 'must be one of wake, dashboard',
      'network.token': 'must be a text of 16 to 4096 characters, or null',
    });
    expect(settings.current()).toEqual(SettingsSchema.parse({}));
    expect(existsSync(file)).toBe(false);
  });

  test('keeps what somebody wrote into the file by hand in between', () => {
    const settings = open();
    writeFileSync(file, '{"network":{"port":9000}}');
    settings.patch({ idle: { stopAfterSeconds: 60 } });
    expect(saved()).toEqual({ network: { port: 9000 }, idle: { stopAfterSeconds: 60 } });
  });

  test('survives the engine, whatever the valid settings', () => {
    fc.assert(
      fc.property(anySettings, (wanted) => {
        rmSync(file, { force: true });
        const settings = open();
        settings.patch(wanted);
        expect(settings.current()).toEqual(wanted);
        const reopened = open();
        expect(reopened.current()).toEqual(wanted);
        expect(reopened.answer().problems).toEqual([]);
        expect(SettingsAnswerSchema.parse(reopened.answer())).toEqual(reopened.answer());
      }),
      { numRuns: 50 },
    );
  });
});

describe('a bad file', () => {
  test('keeps its good keys, and is itself kept aside', () => {
    const text = '{"idle":{"stopAfterSeconds":"soon","freeAfterSeconds":30},"network":{"prot":1},"comfy":5}';
    writeFileSync(file, text);
    const settings = open();
    expect(settings.current().idle).toMatchObject({ stopAfterSeconds: 300, freeAfterSeconds: 30 });
    expect(saved()).toEqual({ idle: { freeAfterSeconds: 30 } });
    const [kept] = badFiles();
    expect(readFileSync(join(folder, String(kept)), 'utf8')).toBe(text);
    expect(settings.answer().problems).toEqual([
      'settings.json: idle.stopAfterSeconds must be a whole number from 0 to 604800; its default is used.',
      'settings.json: network.prot is not a setting of this version; it is ignored.',
      'settings.json: "comfy" is not a group of settings; it is ignored.',
      `The settings file as it was is kept as ${join(folder, String(kept))}.`,
    ]);
  });

  test('is kept aside once, not at every start', () => {
    writeFileSync(file, '{"idle":{"stopAfterSeconds":"soon","freeAfterSeconds":30}}');
    open();
    expect(open().answer().problems).toEqual([]);
    expect(badFiles()).toHaveLength(1);
  });

  test.each([
    ['half a file', '{"idle":{"stopAfter'],
    ['a list', '[1,2]'],
    ['nothing', ''],
    ['an upload of something else', '\u0000\u0001PNG'],
  ])('that is %s gives the defaults and is kept aside', (_, text) => {
    writeFileSync(file, text);
    const settings = open();
    expect(settings.current()).toEqual(SettingsSchema.parse({}));
    expect(settings.answer().problems).toHaveLength(2);
    expect(badFiles().map((name) => readFileSync(join(folder, name), 'utf8'))).toEqual([text]);
    settings.patch({ idle: { stopAfterSeconds: 60 } });
    expect(saved()).toEqual({ idle: { stopAfterSeconds: 60 } });
  });

  test('that is a folder gives the defaults and is kept aside', () => {
    mkdirSync(join(file, 'inside'), { recursive: true });
    expect(open().answer().problems[0]).toContain('cannot be read');
    expect(readdirSync(join(folder, String(badFiles()[0])))).toEqual(['inside']);
  });

  test('written on Windows with a byte order mark is good', () => {
    writeFileSync(file, '\uFEFF{\r\n"idle":{"stopAfterSeconds":60}\r\n}');
    expect(open().current().idle.stopAfterSeconds).toBe(60);
    expect(badFiles()).toEqual([]);
  });

  test('never throws, and never loses a byte', () => {
    const garbage = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      // A token would be moved out.
      anySettings.map((value) => JSON.stringify({ ...value, network: { ...value.network, token: null } })),
    );
    fc.assert(
      fc.property(garbage, (text) => {
        for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
        writeFileSync(file, text);
        const settings = open();
        SettingsSchema.parse(settings.current());
        const held = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
        expect(held).toContain(Buffer.from(text).toString('utf8'));
      }),
      { numRuns: 100 },
    );
  });
});

describe('the environment', () => {
  const commandLine = { origin: 'commandLine', values: { network: { port: 4 } } } as const;

  test('goes before config.env, which goes before the file; the command line goes before all', () => {
    const configEnvFile = join(folder, 'config.env');
    open().patch({ network: { port: 1, host: '127.0.0.2' }, idle: { stopAfterSeconds: 1, freeAfterSeconds: 1 } });
    writeFileSync(configEnvFile, 'MANAGER_PORT=2\nIDLE_TIMEOUT_SECONDS=2\nSTOKER_IDLE_FREE_AFTER_SECONDS=2\n');
    const environment = { MANAGER_PORT: '3', IDLE_TIMEOUT_SECONDS: '3' };
    const settings = open({ configEnvFile, environment, overrides: [commandLine] });
    expect(settings.current()).toMatchObject({
      network: { host: '127.0.0.2', port: 4 },
      idle: { stopAfterSeconds: 3, freeAfterSeconds: 2 },
    });
    expect(settings.answer()).toMatchObject({
      origins: {
        'network.host': 'file',
        'network.port': 'commandLine',
        'idle.stopAfterSeconds': 'environment',
        'idle.freeAfterSeconds': 'environment',
        'network.token': 'default',
      },
      environmentNames: {
        'idle.stopAfterSeconds': 'IDLE_TIMEOUT_SECONDS',
        'network.token': 'STOKER_NETWORK_TOKEN',
      },
    });
  });

  test('that is wrong is told and does not hide the file', () => {
    open().patch({ idle: { stopAfterSeconds: 60 } });
    const settings = open({ environment: { IDLE_TIMEOUT_SECONDS: 'five minutes' } });
    expect(settings.current().idle.stopAfterSeconds).toBe(60);
    expect(settings.answer().problems).toEqual([
      'IDLE_TIMEOUT_SECONDS must be a whole number from 0 to 604800; it is ignored.',
    ]);
  });

  test('cannot put ComfyUI itself on the network, and says which setting can be', () => {
    const settings = open({ environment: { COMFYUI_HOST: '0.0.0.0' } });
    expect(settings.current().installation.host).toBe('127.0.0.1');
    expect(settings.answer().problems).toEqual([
      'COMFYUI_HOST must be one of 127.0.0.1, ::1, localhost (ComfyUI stays private; network.host is the address that others reach); it is ignored.',
    ]);
  });

  test('refuses a patch of what it sets and names the variable', () => {
    const configEnvFile = join(folder, 'config.env');
    writeFileSync(configEnvFile, 'IDLE_TIMEOUT_SECONDS=20\n');
    const settings = open({ configEnvFile, environment: { STOKER_GPU_MONITOR: 'off' }, overrides: [commandLine] });
    const values = { gpu: { monitor: 'auto' }, idle: { stopAfterSeconds: 60 }, network: { port: 5 } };
    expect(refusal(() => settings.patch(values))).toEqual({
      'gpu.monitor': 'is set by STOKER_GPU_MONITOR and can only be changed there',
      'idle.stopAfterSeconds': `is set by IDLE_TIMEOUT_SECONDS in ${configEnvFile} and can only be changed there`,
      'network.port': 'is set by the command line and can only be changed there',
    });
  });

  test('does not mind a patch that sends its own value back', () => {
    const settings = open({ environment: { STOKER_GPU_MONITOR: 'off' } });
    settings.patch({ gpu: { monitor: 'off', sampleSeconds: 5 } });
    expect(saved()).toEqual({ gpu: { sampleSeconds: 5 } });
  });

  test('the command line itself must be right', () => {
    const overrides = [{ origin: 'commandLine', values: { network: { port: 70_000, hots: 'x' } } }] as const;
    expect(refusal(() => open({ overrides }))).toEqual({
      'network.port': 'must be a whole number from 0 to 65535',
      'network.hots': 'is not a setting',
    });
  });
});

describe('a secret', () => {
  const token = 'a-secret-of-enough-length';

  test('is shown as a mask, and stays when the mask is sent back', () => {
    const settings = open();
    settings.patch({ network: { token } });
    expect(JSON.stringify(settings.answer())).not.toContain(token);
    expect(settings.answer().settings.network.token).toBe(SECRET_MASK);
    settings.patch({ network: { token: SECRET_MASK, port: 9000 } });
    expect(settings.current().network).toMatchObject({ token, port: 9000 });
  });

  test('is removed by null', () => {
    const settings = open();
    settings.patch({ network: { token } });
    settings.patch({ network: { token: null } });
    expect(settings.answer().settings.network.token).toBeNull();
    expect(readFileSync(secretsFile(), 'utf8')).not.toContain(token);
  });

  test('lies in the file of secrets, and not in the settings file', () => {
    const settings = open();
    settings.patch({ network: { token, port: 9000 } });
    expect(saved()).toEqual({ network: { port: 9000 } });
    expect(JSON.parse(readFileSync(secretsFile(), 'utf8'))).toEqual({ secrets: { 'network.token': token } });
    expect(settings.answer().origins['network.token']).toBe('secret');
    expect(open().current().network).toMatchObject({ token, port: 9000 });
  });

  test('of an earlier version is moved out of the settings file, which is told once', () => {
    writeFileSync(file, JSON.stringify({ network: { token, port: 9000 } }));
    const first = open();
    expect(first.current().network.token).toBe(token);
    expect(first.notices).toEqual([expect.stringContaining('network.token was moved')]);
    expect(saved()).toEqual({ network: { port: 9000 } });
    const second = open();
    expect(second.current().network.token).toBe(token);
    expect(second.notices).toEqual([]);
  });

  test('stays in force where it lies when it cannot be moved', () => {
    writeFileSync(file, JSON.stringify({ network: { token } }));
    const settings = open({
      secrets: {
        ...createSecretStore({ file: join(folder, 'other.json'), environments: [], memory: {}, log: silentLog() }),
        takeIn() {
          throw new AppError('data_folder_unusable', 'The disk is full.');
        },
      },
    });
    expect(settings.current().network.token).toBe(token);
    expect(settings.answer().problems.join()).toContain('The disk is full.');
    expect(saved()).toEqual({ network: { token } });
  });

  test('that somebody wrote into the file by hand is moved by the next change', () => {
    const settings = open();
    writeFileSync(file, JSON.stringify({ network: { token } }));
    settings.patch({ network: { port: 9000 } });
    expect(settings.current().network).toMatchObject({ token, port: 9000 });
    expect(saved()).toEqual({ network: { port: 9000 } });
  });

  test('that changes in the store is in force at once', () => {
    const secrets = createSecretStore({ file: secretsFile(), environments: [], memory: {}, log: silentLog() });
    const settings = open({ secrets });
    const changes: SettingsChange[] = [];
    settings.onChange((change) => changes.push(change));
    secrets.save('network.token', token, 'memory');
    expect(settings.current().network.token).toBe(token);
    expect(changes.map(({ keys }) => keys)).toEqual([['network.token']]);
  });

  test('is refused when it is too short, or needed for the address', () => {
    const settings = open();
    expect(refusal(() => settings.checkSecret('network.token', 'short'))).toHaveProperty('network.token');
    expect(() => settings.checkSecret('endpoint.pod.key', 'short')).not.toThrow();
    settings.patch({ network: { host: '0.0.0.0', token } });
    expect(refusal(() => settings.checkSecret('network.token', null))).toEqual({
      'network.token': 'must be set while network.host is 0.0.0.0',
    });
  });

  test('never stands in what is told of a broken settings file', () => {
    for (const broken of [`{"network":{"token": ${token}}}`, `${token}`, `{"network":{"token":"${token}",}}`]) {
      writeFileSync(file, broken);
      const { problems } = open().answer();
      expect(problems).not.toEqual([]);
      expect(problems.join()).not.toMatch(/a-secret|enough-length/);
    }
  });

  test('never stands in a problem', () => {
    writeFileSync(file, JSON.stringify({ network: { token: 'too-short', port: 9 } }));
    const settings = open({ environment: { STOKER_NETWORK_TOKEN: 'short-too' } });
    expect(settings.answer().problems.join()).not.toMatch(/too-short|short-too/);
  });
});

describe('an address that others reach', () => {
  const token = 'a-secret-of-enough-length';

  test('needs a token first, so that the engine can start again', () => {
    const settings = open();
    expect(refusal(() => settings.patch({ network: { host: '0.0.0.0' } }))).toEqual({
      'network.host': 'must be 127.0.0.1 while network.token is not set',
    });
    settings.patch({ network: { host: '0.0.0.0', token } });
    expect(refusal(() => settings.patch({ network: { token: null } }))).toEqual({
      'network.token': 'must be set while network.host is 0.0.0.0',
    });
    settings.patch({ network: { token: null, host: '127.0.0.1' } });
    expect(saved()).toEqual({});
  });

  test('does not stand in the way of other settings', () => {
    const settings = open({ environment: { STOKER_NETWORK_HOST: '0.0.0.0' } });
    settings.patch({ idle: { stopAfterSeconds: 60 } });
    expect(saved()).toEqual({ idle: { stopAfterSeconds: 60 } });
  });
});

describe('who is told', () => {
  test('hears of the old and the new settings once they are saved', () => {
    const settings = open();
    const heard: SettingsChange[] = [];
    const stopListening = settings.onChange((change) => heard.push(change));
    settings.patch({ idle: { stopAfterSeconds: 60 } });
    settings.patch({ idle: { stopAfterSeconds: 60 } });
    stopListening();
    settings.patch({ idle: { stopAfterSeconds: 90 } });
    expect(heard).toHaveLength(1);
    expect(heard[0]).toMatchObject({
      previous: { idle: { stopAfterSeconds: 300 } },
      current: { idle: { stopAfterSeconds: 60 } },
      keys: ['idle.stopAfterSeconds'],
    });
  });

  test('learns what must restart for the saved values to be used', () => {
    const settings = open();
    settings.setUsedByComfyui(settings.current());
    expect(settings.patch({ idle: { stopAfterSeconds: 60 } }).restartNeeded).toBe('none');
    expect(settings.patch({ installation: { arguments: ['--cpu'] } }).restartNeeded).toBe('comfyui');
    expect(settings.patch({ network: { port: 9000 } }).restartNeeded).toBe('engine');
    expect(settings.patch({ network: { port: 8188 } }).restartNeeded).toBe('comfyui');
    settings.setUsedByComfyui(null);
    expect(settings.answer().restartNeeded).toBe('none');
  });
});

test('a file that cannot be kept aside is not overwritten either', () => {
  const text = '{"idle":{"stopAfterSeconds":"soon","freeAfterSeconds":30}}';
  writeFileSync(file, text);
  const clock = { now: () => 0, monotonic: () => 0, after: () => () => undefined };
  // The name it would be kept under is taken.
  writeFileSync(join(folder, 'settings.bad-1970-01-01T00-00-00.000Z.json'), 'older');
  const settings = open({ clock });
  expect(settings.current().idle.freeAfterSeconds).toBe(30);
  expect(() => settings.patch({ idle: { stopAfterSeconds: 60 } })).toThrow(
    expect.objectContaining({ code: 'data_folder_unusable' }),
  );
  expect(readFileSync(file, 'utf8')).toBe(text);
});

describe('export and import', () => {
  const token = 'a-secret-of-enough-length';
  const environment = { HF_TOKEN: 'hf-planted', PYTHONUNBUFFERED: '1' };

  test('writes what differs from the defaults, and no secret of Stoker or of ComfyUI', () => {
    const settings = open({ environment: { STOKER_IDLE_STOP_AFTER_SECONDS: '7' } });
    settings.patch({ network: { token, port: 9000 }, installation: { environment } });
    expect(settings.exported()).toEqual({
      network: { port: 9000 },
      installation: { environment: { PYTHONUNBUFFERED: '1' } },
    });
  });

  test('takes over what another one wrote, and puts the rest back to the defaults', () => {
    const settings = open();
    settings.patch({ network: { token, port: 9000 }, idle: { stopAfterSeconds: 60 }, installation: { environment } });
    const { changes, problems } = settings.replace({ idle: { stopAfterSeconds: 90 } }, false);
    expect(problems).toEqual([]);
    expect(changes).toEqual([
      { key: 'installation.environment', from: environment, to: { HF_TOKEN: 'hf-planted' } },
      { key: 'network.port', from: 9000, to: 8188 },
      { key: 'idle.stopAfterSeconds', from: 60, to: 90 },
    ]);
    expect(settings.current()).toMatchObject({ network: { token, port: 8188 }, idle: { stopAfterSeconds: 90 } });
    expect(saved()).toEqual({
      idle: { stopAfterSeconds: 90 },
      installation: { environment: { HF_TOKEN: 'hf-planted' } },
    });
  });

  test('tells what would change and changes nothing when it is a dry run', () => {
    const settings = open();
    settings.patch({ network: { port: 9000 } });
    expect(settings.replace({}, true).changes).toEqual([{ key: 'network.port', from: 9000, to: 8188 }]);
    expect(settings.current().network.port).toBe(9000);
    expect(saved()).toEqual({ network: { port: 9000 } });
  });

  test('changes nothing when anything in it cannot be used', () => {
    const settings = open();
    const { problems } = settings.replace(
      { idle: { stopAfterSeconds: 'soon', freeAfterSeconds: 5 }, network: { token, host: '0.0.0.0' }, gpu: { fan: 1 } },
      false,
    );
    expect(problems.map(({ key }) => key).sort()).toEqual([
      'gpu.fan',
      'idle.stopAfterSeconds',
      'network.host',
      'network.token',
    ]);
    expect(settings.current()).toEqual(SettingsSchema.parse({}));
    expect(existsSync(file)).toBe(false);
  });

  test('comes back as it went out', () => {
    fc.assert(
      fc.property(anySettings, (value) => {
        for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
        const plain = { ...value, network: { ...value.network, host: '127.0.0.1', token: null } };
        const one = open();
        one.patch({ ...plain, installation: { ...plain.installation, environment: {} } });
        const written = one.exported();
        one.replace({}, false);
        expect(one.exported()).toEqual({});
        one.replace(written, false);
        expect(one.exported()).toEqual(written);
      }),
      { numRuns: 30 },
    );
  });
});
