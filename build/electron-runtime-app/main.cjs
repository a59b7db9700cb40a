/**
 * The app inside a runtime that came without one: makes `electron [-r MODULE] [SWITCH…] FOLDER [ARGUMENT…]` start the folder, as the app of
 * Electron's own distribution does. For development and tests; no package carries it.
 */
const { app } = require('electron');
const { Module } = require('node:module');
const path = require('node:path');

const words = process.argv.slice(1);
let folder;
while (folder === undefined && words.length > 0) {
  const word = words.shift();
  if (word === '-r' || word === '--require') require(path.resolve(words.shift()));
  else if (!word.startsWith('-')) folder = path.resolve(word);
}

if (folder === undefined) {
  console.error('There is nothing to start: electron [-r MODULE] FOLDER');
  app.exit(1);
} else {
  const about = require(path.join(folder, 'package.json'));
  process.defaultApp = true;
  app.setName(about.productName ?? about.name ?? 'Electron');
  if (about.version) app.setVersion(about.version);
  if (about.desktopName) app.setDesktopName(about.desktopName);
  app.setPath('userData', path.join(app.getPath('appData'), app.getName()));
  app.setAppPath(folder);
  Module._load(folder, null, true);
}
