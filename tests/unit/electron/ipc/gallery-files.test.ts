import { describe, expect, test } from 'vitest';
import { EngineRefusal } from '../../../../electron/engine/engine-link.ts';
import { createGalleryFiles } from '../../../../electron/ipc/gallery-files.ts';

const item = {
  id: 'abc',
  name: 'a.png',
  subfolder: '',
  kind: 'image',
  mediaType: 'image/png',
  bytes: 10,
  modifiedAt: 0,
  width: null,
  height: null,
  jobId: null,
  madeAt: 'local',
  path: '/srv/output/a.png',
};

function files(answer: (path: string) => unknown) {
  const done: string[] = [];
  const made = createGalleryFiles({
    link: { get: async (path) => answer(path) },
    showInFolder: (path) => done.push(`show ${path}`),
    moveToTrash: async (path) => void done.push(`trash ${path}`),
  });
  return { made, done };
}

describe('a file of the gallery', () => {
  test('is shown and thrown away where the engine says it lies', async () => {
    const asked: string[] = [];
    const { made, done } = files((path) => {
      asked.push(path);
      return item;
    });
    await made.reveal('abc');
    await made.trash('abc');
    expect(asked).toEqual(['/manager/v1/gallery/abc', '/manager/v1/gallery/abc']);
    expect(done).toEqual(['show /srv/output/a.png', 'trash /srv/output/a.png']);
  });

  test('that the engine does not know is left alone', async () => {
    const { made, done } = files(() => {
      throw new EngineRefusal('gallery_item_not_found', 'There is no such file in the gallery.');
    });
    await expect(made.trash('../../etc/passwd')).rejects.toMatchObject({ code: 'gallery_item_not_found' });
    expect(done).toEqual([]);
  });

  test('is left alone when something else answers', async () => {
    const { made, done } = files(() => ({ path: 7 }));
    await expect(made.trash('abc')).rejects.toThrow();
    expect(done).toEqual([]);
  });
});
