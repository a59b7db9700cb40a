import { describe, expect, it } from 'vitest';
import { findPython, type PythonSearch } from '../../../../../engine/supervisor/launch/python.ts';

const search = (files: readonly string[], over: Partial<PythonSearch> = {}) =>
  findPython({
    folder: '/opt/comfy/ComfyUI',
    configured: null,
    platform: 'linux',
    environment: { PATH: '/usr/local/bin:/usr/bin' },
    isFile: (path) => files.includes(path),
    ...over,
  });

describe('findPython', () => {
  it.each([
    '/opt/comfy/ComfyUI/venv/bin/python',
    '/opt/comfy/ComfyUI/.venv/bin/python',
    '/opt/comfy/ComfyUI/env/bin/python',
    '/opt/comfy/venv/bin/python',
    '/opt/comfy/env/bin/python',
    '/usr/bin/python3',
    '/usr/local/bin/python',
  ])('finds %s', (python) => {
    expect(search([python])).toEqual({ kind: 'found', python });
  });

  it('prefers the environment of the folder to the Python of the system', () => {
    expect(search(['/usr/bin/python3', '/opt/comfy/ComfyUI/.venv/bin/python'])).toMatchObject({
      python: '/opt/comfy/ComfyUI/.venv/bin/python',
    });
  });

  it('takes the environment that is activated before the Python of the system', () => {
    const environment = { PATH: '/usr/bin', VIRTUAL_ENV: '/home/user/torch' };
    expect(search(['/usr/bin/python3', '/home/user/torch/bin/python'], { environment })).toMatchObject({
      python: '/home/user/torch/bin/python',
    });
  });

  it('finds the embedded Python of the portable Windows build', () => {
    const python = '/opt/comfy/python_embeded/python.exe';
    expect(search([python], { platform: 'win32', environment: {} })).toEqual({ kind: 'found', python });
  });

  it('takes nothing but the configured one', () => {
    const files = ['/opt/comfy/ComfyUI/venv/bin/python', '/opt/py311/bin/python'];
    expect(search(files, { configured: '/opt/py311/bin/python' })).toMatchObject({ python: '/opt/py311/bin/python' });
    expect(search(files, { configured: '/opt/py311' })).toMatchObject({ python: '/opt/py311/bin/python' });
    expect(search(files, { configured: '/opt/py312/bin/python' })).toEqual({
      kind: 'missing',
      lookedAt: ['/opt/py312/bin/python', '/opt/py312/bin/python/bin/python'],
    });
  });

  it('looks up a configured bare name in PATH', () => {
    expect(search(['/usr/bin/python3.12'], { configured: 'python3.12' })).toMatchObject({
      python: '/usr/bin/python3.12',
    });
  });

  it('takes a configured relative path from the ComfyUI folder', () => {
    const python = '/opt/comfy/ComfyUI/my-env/bin/python';
    expect(search([python], { configured: 'my-env/bin/python' })).toEqual({ kind: 'found', python });
  });
});
