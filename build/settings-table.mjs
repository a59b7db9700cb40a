/** Writes docs/settings.md from the schema and the dashboard's words, so that no setting is documented twice. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runnerImport } from 'vite';
import { root } from './prepare.mjs';

export const SETTINGS_DOCUMENT = join(root, 'docs/settings.md');

const INTRODUCTION = `# Settings

<!-- Written by build/settings-table.mjs; run \`node build/settings-table.mjs\` after changing contract/settings.ts. -->

Change settings on the dashboard (\`/manager/settings\`), with \`PATCH /manager/settings\`, or as variables. From weakest to strongest:

1. the default;
2. \`settings.json\` in the data folder, which holds only what differs from the defaults;
3. \`config.env\` in the data folder, or where there is none in the folder Stoker is started in;
4. environment variables;
5. options of \`stoker serve\`.

What a variable sets is shown on the dashboard and cannot be changed there.

\`settings.json\` is written by Stoker alone, whole or not at all, readable by you alone. It is read when Stoker starts and before each change,
not watched: edit it while Stoker is stopped. A file with something bad in it is kept as \`settings.bad-<time>.json\`; its good values are used, and the
dashboard says what was wrong.

Secrets (\`network.token\`) are kept apart, in \`secrets.json\` of mode 0600, or in the key store of the system by the desktop application. One found
in \`settings.json\` is moved there at the start. *Export* leaves them out, and so it does variables for ComfyUI whose names tell of a token, key,
secret or password; *Import* leaves both as they are.

\`config.env\` has a \`NAME=value\` a line; \`export\`, quotes and \`# comments\` are understood, nothing is expanded. Put Windows paths in
'single quotes'. An empty value counts as unset. Lists are \`a,b\` or JSON (\`["a","b"]\`), named values \`A=1,B=2\` or JSON (\`{"A":"1"}\`); take JSON where a
value holds a comma.

**Takes effect**: *now*; at the next start of *ComfyUI*; at the next start of *Stoker*.
`;

const START_COMMAND = `## A start command of your own

\`installation.commandLine\` takes the place of folder and Python: \`conda run -n comfy python main.py --listen {host} --port {port}\`. \`{port}\` and
\`{host}\` stand for where Stoker expects ComfyUI; a command that names neither \`{port}\` nor \`--port\` gets \`--port N\` at its end. It is split
into words as a shell would, with quotes; it is not run by a shell, so no \`&&\` and no \`$HOME\`. \`installation.arguments\` follow it.`;

const GROUPS = {
  installation: 'ComfyUI',
  network: 'Network',
  idle: 'Sleep',
  page: "ComfyUI's page",
  courtesy: 'Sharing the card',
  supervision: 'Supervision',
  gpu: 'GPU',
  jobs: 'Jobs',
  api: 'API port',
};
const TAKES_EFFECT = { now: 'now', comfyui: 'ComfyUI', engine: 'Stoker' };

/** The document as it should be now. */
export async function settingsDocument() {
  const load = async (path) => (await runnerImport(join(root, path))).module;
  const { SETTING_FIELDS } = await load('engine/platform/setting-fields.ts');
  const { environmentName, REFERENCE_NAMES } = await load('engine/platform/environment-names.ts');
  const { settingWords } = await load('strings/en/settings.ts');

  const row = (field) => {
    const words = settingWords[field.key];
    const whenEmpty = words?.whenEmpty ? ` Unset: ${words.whenEmpty}.` : '';
    return [
      `\`${field.key}\`<br>\`${environmentName(field.key)}\``,
      // The dialog's words, but for its way of entering lists.
      `${(words?.hint ?? `${field.title}.`).replace(', one a line', '')}${whenEmpty}`,
      field.expectation,
      field.defaultValue === null ? 'unset' : `\`${JSON.stringify(field.defaultValue)}\``,
      TAKES_EFFECT[field.takesEffect],
    ];
  };
  const sections = Object.entries(GROUPS).map(([group, title]) =>
    [
      `## ${title}\n`,
      ...table(
        ['Setting and variable', 'What it does', 'Must be', 'Default', 'Takes effect'],
        SETTING_FIELDS.filter((field) => field.group === group).map(row),
      ),
    ].join('\n'),
  );
  const names = Object.entries(REFERENCE_NAMES).map(([name, key]) => [`\`${name}\``, `\`${key}\``]);
  const migration = [
    '## Names of other managers\n',
    'These variables of a common on-demand manager for ComfyUI work as they are, from the environment or its `config.env`:\n',
    ...table(
      ['Variable', 'Setting'],
      [...names, ['`IDLE_CHECK_INTERVAL`', 'no longer needed: Stoker sleeps at the exact time']],
    ),
    '\n`STOKER_DATA_DIR` is not a setting: it says where the data folder is, as `--data-dir` does.',
  ].join('\n');
  return `${[INTRODUCTION.trimEnd(), ...sections, START_COMMAND, migration].join('\n\n')}\n`;
}

function table(heads, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(heads), `|${heads.map(() => '---|').join('')}`, ...rows.map(line)];
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  writeFileSync(SETTINGS_DOCUMENT, await settingsDocument());
}
