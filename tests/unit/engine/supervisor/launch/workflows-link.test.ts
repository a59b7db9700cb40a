import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepWorkflowsLink } from '../../../../../engine/supervisor/launch/workflows-link.ts';

let root: string;
let place: string;
let project: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stoker-link-'));
  place = join(root, 'user/default/workflows');
  project = join(root, 'project/workflows');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const keep = () =>
  keepWorkflowsLink({ workflowsFolder: project, userFolder: join(root, 'user'), platform: process.platform });

describe('keepWorkflowsLink', () => {
  it('makes the link, and the folder it points to', () => {
    keep();
    writeFileSync(join(place, 'portrait.json'), '{}');
    expect(readdirSync(project)).toEqual(['portrait.json']);
  });

  it('leaves a right link alone, also one that is relative', () => {
    mkdirSync(project, { recursive: true });
    mkdirSync(join(root, 'user/default'), { recursive: true });
    symlinkSync('../../project/workflows', place);
    keep();
    expect(readlinkSync(place)).toBe('../../project/workflows');
  });

  it('turns a link that points elsewhere', () => {
    const elsewhere = join(root, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'old.json'), '{}');
    mkdirSync(join(root, 'user/default'), { recursive: true });
    symlinkSync(elsewhere, place);
    keep();
    expect(readlinkSync(place)).toBe(project);
    expect(readdirSync(elsewhere)).toEqual(['old.json']);
  });

  it('replaces the empty folder that ComfyUI made', () => {
    mkdirSync(place, { recursive: true });
    keep();
    expect(lstatSync(place).isSymbolicLink()).toBe(true);
  });

  it('never deletes a folder with files of the user, and says where to put them', () => {
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, 'mine.json'), '{}');
    expect(keep).toThrowError(
      expect.objectContaining({
        code: 'invalid_settings',
        message: expect.stringContaining(`Move them to ${project}`),
      }),
    );
    expect(existsSync(join(place, 'mine.json'))).toBe(true);
  });

  it('does not replace a file', () => {
    mkdirSync(join(root, 'user/default'), { recursive: true });
    writeFileSync(place, 'mine');
    expect(keep).toThrowError(expect.objectContaining({ code: 'invalid_settings' }));
  });

  it('does nothing when the workflows live in place already', () => {
    keepWorkflowsLink({ workflowsFolder: place, userFolder: join(root, 'user'), platform: process.platform });
    expect(existsSync(place)).toBe(false);
  });
});
