/** What whoever ran `npm run dist` must know about the packages before handing them on. Pure. */

/**
 * @param {{ output: string, standIns: boolean, targets: { platform: string, formats: string[] }[], environment: NodeJS.ProcessEnv }} facts
 * @returns {string[]} sentences
 */
export function closingNotes({ output, standIns, targets, environment }) {
  const platforms = new Set(targets.map(({ platform }) => platform));
  const notes = [`The packages are in ${output}.`];
  if (standIns) {
    notes.push('NOT FOR PEOPLE: GitHub could not be reached, so they carry an Electron past its end of life.');
    if (platforms.has('win32') && !targets.some(({ formats }) => formats.includes('nsis'))) {
      notes.push('The Windows installer was not built: its plugins come from GitHub. docs/packages.md tells how.');
    }
  }
  if (platforms.has('win32') && !environment.WIN_CSC_LINK && !environment.CSC_LINK) {
    notes.push('Unsigned for Windows: SmartScreen warns. WIN_CSC_LINK and WIN_CSC_KEY_PASSWORD sign.');
  }
  if (platforms.has('darwin') && !environment.CSC_LINK && !environment.CSC_NAME) {
    notes.push('Unsigned for macOS: it opens only after a right click. CSC_LINK and CSC_KEY_PASSWORD sign, on macOS.');
  } else if (platforms.has('darwin') && !environment.APPLE_API_KEY && !environment.APPLE_ID) {
    notes.push('Not notarised for macOS: APPLE_API_KEY, APPLE_API_KEY_ID and APPLE_API_ISSUER do that.');
  }
  if (!environment.STOKER_UPDATE_URL) {
    notes.push('They cannot update themselves: STOKER_UPDATE_URL names where updates will lie.');
  }
  return notes;
}
