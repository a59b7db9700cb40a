/** The page at `/` and its files. They are part of the program, so that it stays one folder without data of its own. */
import { createHash } from 'node:crypto';
import { conditionalReply } from '../http/file-reply.ts';
import { json, noSuchFile } from '../http/reply.ts';
import type { Route } from '../http/route-table.ts';
import styles from './assets/page.css?raw';
import script from './assets/page.js?raw';
import workflows from './assets/workflows.js?raw';
import about from './extensions/about.js?raw';
import page from './index.html?raw';
import api from './scripts/api.js?raw';
import app from './scripts/app.js?raw';

const aboutPath = '/extensions/core/about.js';
const files: Record<string, { type: string; text: string }> = {
  '/': { type: 'text/html', text: page },
  '/assets/page.js': { type: 'application/javascript', text: script },
  '/assets/workflows.js': { type: 'application/javascript', text: workflows },
  '/assets/page.css': { type: 'text/css', text: styles },
  '/scripts/api.js': { type: 'application/javascript', text: api },
  '/scripts/app.js': { type: 'application/javascript', text: app },
  [aboutPath]: { type: 'application/javascript', text: about },
};

/** `modified` is the time of the program's own file: validators must outlive a restart. */
export function pageRoutes(modified: Date): Route[] {
  return [
    ...Object.entries(files).map(([path, { type, text }]): Route => {
      const body = Buffer.from(text);
      const etag = `"${createHash('sha256').update(body).digest('hex').slice(0, 16)}-${body.length.toString(16)}"`;
      const caching = path === '/' ? { Pragma: 'no-cache', Expires: '0' } : {};
      const headers = { 'Cache-Control': 'no-cache', ...caching, 'Content-Type': type };
      return {
        method: 'GET',
        path,
        underApi: false,
        handle: ({ headers: asked }) =>
          conditionalReply(asked, { etag, modified, size: body.length }, headers, (start, end) =>
            body.subarray(start, end + 1),
          ),
      };
    }),
    { method: 'GET', path: '/extensions', handle: () => json([aboutPath]) },
    {
      method: 'GET',
      path: '/user.css',
      underApi: false,
      handle: () => ({ ...noSuchFile(), headers: { ...noSuchFile().headers, 'Cache-Control': 'no-cache' } }),
    },
  ];
}
