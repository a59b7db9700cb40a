/** The German catalogues against the English ones: nothing missing, nothing forgotten in English. (That no key is missing, the compiler says.) */
import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../../../contract/errors.ts';
import { START_REASONS, STOP_REASONS } from '../../../contract/supervisor-state.ts';
import { dashboardWords } from '../../../strings/dashboard-words.ts';
import { comfyuiPageWords as germanPage } from '../../../strings/de/comfyui-page.ts';
import { comfyuiPageWords as englishPage } from '../../../strings/en/comfyui-page.ts';
import type { SettingWords } from '../../../strings/vocabulary.ts';

const [english, german] = [dashboardWords('en'), dashboardWords('de')];

/** Every text of a catalogue by its path; functions are called with stand-ins, so that their words are seen too. */
function textsOf(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'string') return new Map([[path, value]]);
  if (typeof value === 'function') return textsOf(called(value as (...given: unknown[]) => unknown), `${path}()`);
  if (typeof value !== 'object' || value === null) return new Map();
  return new Map(Object.entries(value).flatMap(([name, part]) => [...textsOf(part, `${path}.${name}`)]));
}

/** A list, a number and a text fit every function of the catalogue in one of these places. */
function called(words: (...given: unknown[]) => unknown): unknown {
  for (const stand of [2, 'x', ['keepAwake']]) {
    try {
      const said = words(...Array.from({ length: words.length }, () => stand));
      if (typeof said === 'string' || said === null) return said;
    } catch {
      // Another kind of argument, then.
    }
  }
  throw new Error(`no stand-in fits ${words}`);
}

/** Names, terms and paths that are the same in both languages. */
const SAME = new Set([
  'Stoker',
  'ComfyUI',
  'Demo',
  'VRAM',
  'GB',
  'Python',
  'PyTorch',
  'Custom Nodes',
  'Server',
  'Tags',
  'Tokens',
  'TOKEN',
  'Workflow',
  'stoker run workflow.json',
  'Problem',
  'Port',
  'Name',
  'Video',
  'Stability Matrix',
  'Comfy Desktop',
  'Pinokio',
  'English',
  'Deutsch',
  's',
  'min',
  'h',
  'blender',
  '127.0.0.1',
  'studio.local',
  '--lowvram',
  'CUDA_VISIBLE_DEVICES=0',
  'docker compose up comfyui',
  'stoker serve --demo',
]);

describe('the German catalogue', () => {
  test.each([
    // What the engine says has no English words here: it is English.
    ['the dashboard', { ...german, engine: null }, { ...english, engine: null }],
    ['what is added to ComfyUI’s page', germanPage, englishPage],
  ])('no text of %s is still English', (_part, translated, original) => {
    const there = textsOf(translated);
    const forgotten = [...textsOf(original)].filter(([path, text]) => {
      const said = there.get(path);
      return said === text && !SAME.has(text) && !isMadeOfArguments(text);
    });
    expect(forgotten).toEqual([]);
  });

  test('explains of a setting what the English one explains', () => {
    const parts = (told: SettingWords) =>
      Object.keys(told)
        .filter((name) => name !== 'title')
        .sort();
    for (const [key, told] of Object.entries(english.setting)) {
      const there = (german.setting as Readonly<Record<string, SettingWords>>)[key];
      expect({ key, parts: parts(there ?? { hint: '' }) }).toEqual({ key, parts: parts(told) });
      expect(Object.keys(there?.choices ?? {})).toEqual(Object.keys(told.choices ?? {}));
    }
  });

  test('knows every reason of a start and a stop, and the errors that people meet', () => {
    expect(Object.keys(german.engine.started ?? {}).sort()).toEqual([...START_REASONS].sort());
    expect(Object.keys(german.engine.stopped ?? {}).sort()).toEqual([...STOP_REASONS].sort());
    const untold = MET_ON_THE_PAGE.filter((code) => !(code in german.engine.error));
    expect(untold).toEqual([]);
  });
});

/** What a state can carry, and what the buttons and fields of the dashboard can be answered. Other errors go to programs. */
const MET_ON_THE_PAGE: readonly ErrorCode[] = [
  'not_configured',
  'command_not_found',
  'folder_invalid',
  'python_missing',
  'exited_early',
  'start_timeout',
  'start_cancelled',
  'gave_up',
  'crashed',
  'hung',
  'private_port_taken',
  'stop_failed',
  'upstream_unreachable',
  'upstream_silent',
  'host_not_allowed',
  'origin_not_allowed',
  'token_required',
  'work_in_progress',
  'invalid_request',
  'invalid_settings',
  'not_running',
  'internal',
  'card_lent',
  'secret_not_found',
  'data_folder_unusable',
  'endpoint_busy',
  'target_name_taken',
  'server_busy',
  'server_unreachable',
  'server_unauthorized',
  'server_refused',
  'token_name_taken',
  'token_not_found',
  'token_needed_for_address',
];

/** Nothing but stand-ins, the product's name and marks: there is nothing to translate. */
function isMadeOfArguments(text: string): boolean {
  return /^(ComfyUI|Stoker|RunPod|Python|undefined|x|2|\W)*$/.test(text);
}
