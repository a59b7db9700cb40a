import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../../../engine/supervisor/launch/command-line.ts';

const words = (text: string, platform: NodeJS.Platform = 'linux') => {
  const reading = readCommandLine(text, platform);
  return reading.kind === 'read' ? reading.line.words : reading.problem;
};

describe('readCommandLine', () => {
  it.each([
    ['python main.py --port 8188', ['python', 'main.py', '--port', '8188']],
    ['  python\t main.py \n', ['python', 'main.py']],
    ['"/opt/my tools/python" main.py', ['/opt/my tools/python', 'main.py']],
    ["'/opt/my tools/python' main.py", ['/opt/my tools/python', 'main.py']],
    ['/opt/my\\ tools/python main.py', ['/opt/my tools/python', 'main.py']],
    ['python main.py --title "a \\"quoted\\" word"', ['python', 'main.py', '--title', 'a "quoted" word']],
    ['python main.py --title ""', ['python', 'main.py', '--title', '']],
    ["python main.py --note 'back\\slash'", ['python', 'main.py', '--note', 'back\\slash']],
    ['python main.py --x=a"b c"d', ['python', 'main.py', '--x=ab cd']],
    ['python main.py "a&&b" \'|\'', ['python', 'main.py', 'a&&b', '|']],
  ])('reads %s', (text, expected) => {
    expect(words(text)).toEqual(expected);
  });

  it('leaves the backslashes of Windows paths alone', () => {
    expect(words('C:\\ComfyUI\\python_embeded\\python.exe -s "C:\\My Files\\main.py"', 'win32')).toEqual([
      'C:\\ComfyUI\\python_embeded\\python.exe',
      '-s',
      'C:\\My Files\\main.py',
    ]);
  });

  it('takes variables in front of the program as people write them', () => {
    expect(readCommandLine('CUDA_VISIBLE_DEVICES=1 A="b c" python main.py --x=1', 'linux')).toEqual({
      kind: 'read',
      line: { environment: { CUDA_VISIBLE_DEVICES: '1', A: 'b c' }, words: ['python', 'main.py', '--x=1'] },
    });
  });

  it.each([
    ['cd /opt/ComfyUI && python main.py | tee log', '|'],
    ['python main.py > log.txt', '>'],
    ['python main.py 2>&1', '2>&1'],
    ['python main.py | tee log', '|'],
    ['python main.py &', '&'],
    ['python main.py ; echo done', ';'],
  ])('refuses what only a shell understands: %s', (text, word) => {
    expect(words(text)).toEqual({ kind: 'shellSyntax', word });
  });

  it('lets bash run steps joined by &&, and hands what Stoker adds to the last one', () => {
    const steps = 'cd "/opt/My ComfyUI" && python main.py';
    expect(readCommandLine(steps, 'linux')).toEqual({
      kind: 'read',
      line: { environment: {}, words: ['bash', '-c', `${steps} "$@"`, 'comfyui'] },
    });
    expect(readCommandLine(steps, 'win32').kind).toBe('problem');
  });

  it('says what is wrong with an open quote and with nothing', () => {
    expect([words('python "main.py'), words('   '), words('A=1')]).toEqual([
      { kind: 'openQuote', quote: '"' },
      { kind: 'empty' },
      { kind: 'empty' },
    ]);
  });

  it('gives back every word that was quoted, whatever is in it', () => {
    const word = fc.string({ unit: 'grapheme' }).filter((text) => !/^[A-Za-z_]\w*=/.test(text));
    fc.assert(
      fc.property(fc.array(word, { minLength: 1 }), (given) => {
        const typed = given.map((text) => `'${text.replaceAll("'", `'\\''`)}'`).join(' ');
        expect(words(typed)).toEqual(given);
      }),
    );
  });
});
