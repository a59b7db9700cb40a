/** Where a link leads decides what a page can reach: a wrong "here" would let a foreign page into our window. */
import { describe, expect, test } from 'vitest';
import {
  type Destination,
  dashboardTargetOf,
  destinationOf,
  type PageKind,
} from '../../../../electron/windows/links.ts';

const ENGINE = 'http://127.0.0.1:8188';
type Row = readonly [PageKind, string, 'link' | 'newWindow', Destination];

const ROWS: readonly Row[] = [
  ['comfyui', `${ENGINE}/`, 'link', 'here'],
  ['comfyui', `${ENGINE}/?workflow=a`, 'link', 'here'],
  ['comfyui', `${ENGINE}/api/view?filename=a.png`, 'newWindow', 'newWindow'],
  ['comfyui', `blob:${ENGINE}/0f-1a`, 'newWindow', 'newWindow'],
  ['comfyui', 'blob:https://example.com/0f-1a', 'newWindow', 'refused'],
  ['comfyui', 'about:blank', 'newWindow', 'newWindow'],
  ['comfyui', 'about:blank', 'link', 'refused'],
  ['comfyui', `${ENGINE}/manager`, 'link', 'dashboard'],
  ['comfyui', `${ENGINE}/manager/logs`, 'newWindow', 'dashboard'],
  ['comfyui', `${ENGINE}/managerial`, 'link', 'here'],
  ['comfyui', `${ENGINE}/manager/login?token=x`, 'link', 'here'],
  ['comfyui', 'http://127.0.0.1:8189/', 'link', 'browser'],
  ['comfyui', 'http://localhost:8188/', 'link', 'browser'],
  ['comfyui', 'https://docs.comfy.org/', 'newWindow', 'browser'],
  ['comfyui', 'mailto:someone@example.com', 'link', 'browser'],
  ['comfyui', 'file:///etc/passwd', 'link', 'refused'],
  ['comfyui', 'file:///etc/passwd', 'newWindow', 'refused'],
  ['comfyui', 'javascript:alert(1)', 'newWindow', 'refused'],
  ['comfyui', 'data:text/html,x', 'newWindow', 'refused'],
  ['comfyui', 'smb://server/share', 'link', 'refused'],
  ['comfyui', 'stoker://dashboard', 'link', 'refused'],
  ['comfyui', 'not an address', 'link', 'refused'],
  ['dashboard', `${ENGINE}/manager`, 'link', 'here'],
  ['dashboard', `${ENGINE}/manager/settings#idle`, 'link', 'here'],
  ['dashboard', `${ENGINE}/`, 'link', 'comfyui'],
  ['dashboard', `${ENGINE}/`, 'newWindow', 'comfyui'],
  ['dashboard', `${ENGINE}/manager/../api/view`, 'link', 'comfyui'],
  ['dashboard', `blob:${ENGINE}/0f-1a`, 'newWindow', 'refused'],
  ['dashboard', 'about:blank', 'newWindow', 'refused'],
  ['dashboard', 'https://example.com/manager', 'link', 'browser'],
  ['dashboard', 'http://127.0.0.1:8188@example.com/manager', 'link', 'browser'],
  ['dashboard', 'file:///etc/passwd', 'link', 'refused'],
];

describe('where a link leads', () => {
  test.each(ROWS)('%s: %s as %s: %s', (kind, address, how, destination) => {
    expect(destinationOf(kind, address, [ENGINE], how === 'newWindow')).toBe(destination);
  });

  test('while no engine answers, none of its addresses is ours', () => {
    expect(destinationOf('comfyui', `${ENGINE}/`, [], false)).toBe('browser');
  });

  test('the page of an engine that has moved may still move on its old address', () => {
    expect(destinationOf('comfyui', `${ENGINE}/`, ['http://127.0.0.1:9000', ENGINE], false)).toBe('here');
  });

  test('a page of the dashboard is known by its address, any other is the start page', () => {
    const pages = ['/manager', '/manager/logs', '/manager/settings#x', '/manager/welcome', '/manager/openapi.json'];
    expect(pages.map((page) => dashboardTargetOf(ENGINE + page))).toEqual([
      'dashboard',
      'logs',
      'settings',
      'welcome',
      'dashboard',
    ]);
  });
});
