/** What a file of the page refers to, found where it cannot be read from the disk. */
import { describe, expect, it } from 'vitest';
import { linksOf } from '../../../../engine/page-store/page-links.ts';

const links = (route: string, text: string): string[] => linksOf(route, Buffer.from(text)).sort();

describe('the links of', () => {
  it('the page are its scripts, styles and the modules of its import map, wherever they lie', () => {
    const page = `<link rel="stylesheet" href="materialdesignicons.min.css"/><script src="./assets/index-B.js"></script>
      <script type="importmap">{"imports":{"vue":"./assets/lib/vue/dist/vue.prod.js"}}</script>`;
    expect(links('/', page)).toEqual([
      '/assets/index-B.js',
      '/assets/lib/vue/dist/vue.prod.js',
      '/materialdesignicons.min.css',
    ]);
  });

  it('a script are what it imports beside and above itself, and not every text with a dot', () => {
    const script = `import{a}from"./a.js";import"./deep/b.mjs";import { app } from "../../scripts/app.js";
      const c=()=>import(\`./c.js\`);const d=["./d.css","assets/e.svg"];save("workflow.json");const f="extensions/own/f.css";
      const g = new URL("images/g.svg", import.meta.url).href`;
    expect(links('/extensions/own/main.js', script)).toEqual([
      '/assets/e.svg',
      '/extensions/own/a.js',
      '/extensions/own/c.js',
      '/extensions/own/d.css',
      '/extensions/own/deep/b.mjs',
      '/extensions/own/f.css',
      '/extensions/own/images/g.svg',
      '/scripts/app.js',
    ]);
  });

  it('a style are what its url() name, without what follows a question mark', () => {
    const style = `@font-face{src:url("fonts/icons.eot?#iefix&v=7") format("x"),url(./p.woff2?v=7)}a{background:url(../x/y.png)}`;
    expect(links('/own/deep/s.css', style)).toEqual([
      '/fonts/icons.eot',
      '/own/deep/fonts/icons.eot',
      '/own/deep/p.woff2',
      '/own/x/y.png',
    ]);
  });

  it('never lead above the root, nor out of a file that is no text', () => {
    expect(links('/assets/a.js', 'import"../../../../etc/x.json"')).toEqual(['/etc/x.json']);
    expect(links('/assets/a.png', 'import"./b.js"')).toEqual([]);
  });
});
