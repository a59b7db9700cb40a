/** Words about new versions of Stoker itself. */

export const updateWords = {
  unsupported: {
    development: 'This is a development copy: update it with git.',
    portable: 'The portable version does not update itself: download the new one and replace the file.',
    packageManager: 'This copy came as a system package: update it with the package manager.',
    noAddress: 'This copy was built without an address for updates.',
  },
  /** @param detail a technical line */
  failed: (detail: string) => `The update did not work: ${detail}`,
};
export type UpdateWords = typeof updateWords;
