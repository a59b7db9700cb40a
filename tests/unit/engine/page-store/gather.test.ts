/** All of a page is asked for where its folder cannot be read, however deep its files name each other, and never without an end. */
import { describe, expect, it } from 'vitest';
import { type GatherDeps, gatherPage } from '../../../../engine/page-store/gather.ts';

/** @param text what ComfyUI answers; null when there is no such file @returns what was asked and what was kept, by path and query */
async function gathered(
  text: (target: string) => string | null,
  changes: Partial<GatherDeps> = {},
): Promise<{ readonly asked: string[]; readonly kept: string[] }> {
  const [asked, kept]: [string[], string[]] = [[], []];
  await gatherPage({
    webRoot: null,
    known: [],
    async ask({ target }) {
      asked.push(target);
      const answer = text(target);
      return { status: answer === null ? 404 : 200, headers: [], body: Buffer.from(answer ?? '') };
    },
    async keep({ target }, { status }) {
      if (status === 200) kept.push(target);
    },
    ...changes,
  });
  return { asked, kept };
}

describe('a page whose folder cannot be read', () => {
  it('is followed to the last module, each file once', async () => {
    const depth = 200;
    const module = (at: number): string => `import"./m${at + 1}.js";import"./m${Math.max(0, at - 1)}.js"`;
    const { asked, kept } = await gathered((target) => {
      if (target === '/') return '<script src="./assets/m0.js"></script>';
      const at = Number(/^\/assets\/m(\d+)\.js$/.exec(target)?.[1] ?? Number.NaN);
      return at <= depth ? module(at) : null;
    });
    expect(kept.filter((target) => target.startsWith('/assets/'))).toHaveLength(depth + 1);
    expect(new Set(asked).size).toBe(asked.length);
  });

  it('ends although every file names new ones', async () => {
    let named = 0;
    const { asked } = await gathered(() => {
      named += 2;
      return `import"./${named}.js";import"./${named + 1}.js"`.replaceAll('./', '/assets/');
    });
    expect(asked.length).toBeLessThanOrEqual(4000);
    expect(asked.length).toBeGreaterThan(1000);
  });

  it('has what the scripts of custom nodes import, and our own script too, although the page imports neither', async () => {
    const { kept } = await gathered((target) => {
      if (target === '/extensions') return '["/extensions/own/main.js"]';
      if (target === '/extensions/own/main.js') return 'import "./lib/inner.js"; import "../../scripts/widgets.js"';
      return /^\/(?:scripts|extensions)\//.test(target) ? '' : null;
    });
    expect(kept.sort()).toEqual([
      '/extensions',
      '/extensions/own/lib/inner.js',
      '/extensions/own/main.js',
      '/scripts/api.js',
      '/scripts/app.js',
      '/scripts/widgets.js',
    ]);
  });
});
