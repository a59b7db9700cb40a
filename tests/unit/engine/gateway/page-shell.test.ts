import { expect, it } from 'vitest';
import { escapeHtml, scriptJson } from '../../../../engine/gateway/page-shell.ts';

it('text in a page stays text', () => {
  expect(escapeHtml(`<img src=x onerror='alert("&")'>`)).toBe(
    '&#60;img src=x onerror=&#39;alert(&#34;&#38;&#34;)&#39;&#62;',
  );
});

it('a log line cannot end the script it is written into', () => {
  const line = '</script><script>alert(1)</script><!-- \u2028';
  const written = scriptJson({ line });
  expect(written).not.toMatch(/[<>\u2028]/);
  expect(JSON.parse(written)).toEqual({ line });
});
