import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ContentStore, createContentStore } from '../../../../engine/jobs/content-store.ts';
import { createResultsHome, type FinishedJob, type ResultsHome } from '../../../../engine/jobs/results-home.ts';
import type { KeptOutput } from '../../../../engine/targets/target.ts';
import { mountSmallDisk } from '../../../support/small-disk.ts';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
const job: FinishedJob = {
  id: 'abcdef01-0000-4000-8000-000000000000',
  target: 'pod',
  startedAt: new Date(2026, 10, 21, 12).getTime(),
  payload: {
    workflow: { '1': { class_type: 'SaveImage', inputs: {} } },
    request: null,
    extraData: { extra_pnginfo: { workflow: { nodes: ['é'] } } },
  },
};
const DAY = 'stoker/2026-11-21';

let root: string;
let output: string;
let content: ContentStore;
let home: ResultsHome;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'stoker-home-'));
  output = join(root, 'output');
  content = createContentStore(join(root, 'results'));
  home = createResultsHome({ content, outputFolder: () => output, localTarget: 'local' });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

async function kept(bytes: Buffer, filename = 'lab_00001_.png'): Promise<KeptOutput> {
  async function* stream() {
    yield bytes;
  }
  return { nodeId: '9', filename, type: 'image/png', home: null, ...(await content.put(stream(), 'job')) };
}
const files = (folder = join(output, DAY)): string[] => readdirSync(folder).sort();

describe('results from elsewhere', () => {
  it('lie in the output folder with the workflow inside, as local ones do', async () => {
    const { outputs, note } = await home.bring(job, [await kept(PNG), await kept(Buffer.from('moving'), 'clip.mp4')]);
    expect(note).toBeNull();
    expect(outputs.map((each) => each.home)).toEqual([
      { type: 'output', subfolder: DAY, filename: 'lab_abcdef01_1.png' },
      { type: 'output', subfolder: DAY, filename: 'clip_abcdef01_2.mp4' },
    ]);
    expect(files()).toEqual(['clip_abcdef01_2.mp4', 'lab_abcdef01_1.png']);
    const picture = readFileSync(join(output, DAY, 'lab_abcdef01_1.png'), 'latin1');
    expect(picture).toContain('tEXtprompt\0{"1":{"class_type":"SaveImage","inputs":{}}}');
    expect(picture).toContain('tEXtworkflow\0{"nodes":["\\u00e9"]}');
    expect(picture.endsWith(PNG.toString('latin1', PNG.indexOf('IDAT')))).toBe(true);
    expect(readFileSync(join(output, DAY, 'clip_abcdef01_2.mp4'), 'utf8')).toBe('moving');
  });

  it('brought a second time after a crash are there once', async () => {
    const result = await kept(PNG);
    const first = await home.bring(job, [result]);
    writeFileSync(join(output, DAY, '.lab_abcdef01_1.png.part'), 'half of');
    expect(await home.bring(job, [result])).toEqual(first);
    expect(files()).toEqual(['lab_abcdef01_1.png']);
  });

  it("never write over a stranger's file, nor through a link of that name", async () => {
    mkdirSync(join(output, DAY), { recursive: true });
    writeFileSync(join(output, DAY, 'lab_abcdef01_1.png'), 'mine');
    writeFileSync(join(root, 'precious'), 'mine');
    symlinkSync(join(root, 'precious'), join(output, DAY, 'lab_abcdef01_1 (2).png'));
    const { outputs } = await home.bring(job, [await kept(PNG)]);
    expect(outputs[0]?.home?.filename).toBe('lab_abcdef01_1 (3).png');
    expect(readFileSync(join(output, DAY, 'lab_abcdef01_1.png'), 'utf8')).toBe('mine');
    expect(readFileSync(join(root, 'precious'), 'utf8')).toBe('mine');
  });

  it('stay with Stoker, and why is said, where there is no folder to bring them to', async () => {
    const result = await kept(PNG);
    const unknown = createResultsHome({ content, outputFolder: () => null, localTarget: 'local' });
    expect(await unknown.bring(job, [result])).toEqual({
      outputs: [result],
      note: expect.stringMatching(/does not know/),
    });
    const away = createResultsHome({ content, outputFolder: () => join(root, 'disk/output'), localTarget: 'local' });
    expect(await away.bring(job, [result])).toEqual({ outputs: [result], note: expect.stringMatching(/is not there/) });
    expect(readdirSync(root)).not.toContain('disk');
    writeFileSync(output, 'a file');
    expect((await home.bring(job, [result])).note).toMatch(/could not be written/);
  });

  it('on a full disk: nothing half, nothing left behind, and what had room is there', async () => {
    const disk = mountSmallDisk('256k');
    if (disk === null) return;
    try {
      const full = createResultsHome({ content, outputFolder: () => disk.folder, localTarget: 'local' });
      const [small, large] = [await kept(PNG), await kept(Buffer.alloc(512 * 1024, 7), 'clip.mp4')];
      const { outputs, note } = await full.bring(job, [small, large]);
      expect(outputs.map((each) => each.home?.filename)).toEqual(['lab_abcdef01_1.png', undefined]);
      expect(note).toMatch(/^Some of the results are kept by Stoker alone: there is no space left in /);
      expect(files(join(disk.folder, DAY))).toEqual(['lab_abcdef01_1.png']);
    } finally {
      disk.remove();
    }
  });

  it('of the local ComfyUI lie there already', async () => {
    const result = await kept(PNG);
    expect(await home.bring({ ...job, target: 'local' }, [result])).toEqual({ outputs: [result], note: null });
    expect(readdirSync(root)).not.toContain('output');
  });
});
