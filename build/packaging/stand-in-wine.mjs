#!/usr/bin/env node
/**
 * In the place of `wine` when the Windows installer is built on Linux: electron-builder runs the half-built installer once so that it writes its
 * uninstaller. That uninstaller lies in it as a block of data; this cuts it out and runs nothing.
 *
 * Layout (NSIS, fileform.h): a Windows program, then a header of 28 bytes (flags, signature, lengths), then blocks: 4 bytes of length, whose
 * highest bit says "deflated", and the data. The block of the uninstaller begins with such a header of its own.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { inflateRawSync } from 'node:zlib';

const SIGNATURE = Buffer.from('NullsoftInst', 'latin1');
const HEADER_BYTES = 28;
const DEFLATED = 0x80000000;

const [installer] = process.argv.slice(2);
if (installer === '--version') {
  console.log('wine-8.0');
} else {
  const file = readFileSync(installer);
  const end = endOfSections(file);
  const target = join(dirname(installer), `${basename(installer, 'exe')}__uninstaller.exe`);
  writeFileSync(target, Buffer.concat([file.subarray(0, end), uninstallerBlock(file.subarray(end))]));
}

/** Where the program ends and what NSIS appended begins. */
function endOfSections(file) {
  const header = file.readUInt32LE(0x3c);
  if (file.toString('latin1', header, header + 2) !== 'PE') throw new Error(`${installer} is no Windows program.`);
  const sections = file.readUInt16LE(header + 6);
  const table = header + 24 + file.readUInt16LE(header + 20);
  let end = 0;
  for (let at = table; at < table + sections * 40; at += 40) {
    const size = file.readUInt32LE(at + 16);
    if (size > 0) end = Math.max(end, file.readUInt32LE(at + 20) + size);
  }
  return end;
}

function uninstallerBlock(appended) {
  if (!isHeader(appended)) throw new Error(`${installer} was not made by NSIS.`);
  const total = appended.readUInt32LE(24);
  let found;
  for (let at = HEADER_BYTES; at + 4 <= total; ) {
    const word = appended.readUInt32LE(at);
    const size = word % DEFLATED;
    const stored = appended.subarray(at + 4, at + 4 + size);
    const block = word >= DEFLATED ? inflated(stored) : stored;
    if (block !== null && isHeader(block)) found = block;
    at += 4 + size;
  }
  if (found === undefined) throw new Error(`There is no uninstaller in ${installer}.`);
  return found;
}

/** null for a block that is something else, such as the header's own data. */
function inflated(stored) {
  try {
    return inflateRawSync(stored);
  } catch {
    return null;
  }
}

function isHeader(data) {
  return data.length > HEADER_BYTES && data.subarray(8, 20).equals(SIGNATURE);
}
