import { expect, it } from 'vitest';
import { runningPrograms } from '../../../../engine/courtesy/program-name.ts';

it.each([
  ['blender', '/usr/bin/blender -b scene.blend', true],
  ['Blender.exe', 'blender', true],
  ['game.exe', '"C:\\Program Files\\A Game\\Game.exe" -windowed', true],
  ['game', 'C:\\Program Files\\A Game\\game.exe -windowed', true],
  ['/opt/x/ollama', 'ollama serve', true],
  ['my app', '/opt/vendor/My App --x', true],
  ['blender', 'vim blender', false],
  ['blender', 'vim /usr/bin/blender', false],
  ['blender', '/usr/bin/vim /usr/bin/blender', false],
  ['blender', '/usr/bin/blender-launcher', false],
  ['kworker', '[kworker/0:1]', false],
])('%s is the program of %s: %s', (name, command, is) => {
  expect(runningPrograms([name], [command])).toEqual(is ? [name] : []);
});
