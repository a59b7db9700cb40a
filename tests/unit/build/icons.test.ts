import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PNG } from 'pngjs';
import { describe, expect, it } from 'vitest';
import { trayFile } from '../../../electron/tray/icon-file.ts';
import { TRAY_ICONS } from '../../../electron/tray/icon-of-state.ts';
import { CORE_PATH, FLAME_PATH } from '../../../renderer/lib/flame.ts';

const root = resolve(import.meta.dirname, '../../..');
const built = (name: string) => import(pathToFileURL(resolve(root, 'build/icons', name)).href);
const { ICNS_SIZES, icnsOf, icoOf } = await built('containers.mjs');
const { CORE, FLAME, TRAY_STATES } = await built('drawing.mjs');
const { APP_ICO_SIZES, fingerprint, LINUX_SIZES, TEMPLATE_SIZE, TRAY_ICO_SIZES, TRAY_SIZES } = await built('files.mjs');

const bytes = (path: string): Buffer => readFileSync(resolve(root, path));
const picture = (path: string): PNG => PNG.sync.read(bytes(path));
const tray = (name: string): PNG => picture(`resources/desktop/tray/${name}`);

/** How bright a pixel looks on a panel, 0 to 1: what is left when colours cannot be told apart. */
function greys({ data }: PNG, panel: number): number[] {
  return Array.from({ length: data.length / 4 }, (_, index) => {
    const [red = 0, green = 0, blue = 0, alpha = 0] = data.subarray(index * 4, index * 4 + 4);
    const ink = luminance(red, green, blue);
    return (alpha / 255) * ink + (1 - alpha / 255) * panel;
  });
}

function luminance(...channels: readonly number[]): number {
  const [red = 0, green = 0, blue = 0] = channels.map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

const contrast = (one: number, other: number): number => (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
const LIGHT = luminance(0xf3, 0xf3, 0xf3);
const DARK = luminance(0x1f, 0x1f, 0x1f);

/** Width and offset of each picture in an .ico. */
function icoEntries(ico: Buffer): { width: number; data: Buffer }[] {
  return Array.from({ length: ico.readUInt16LE(4) }, (_, index) => {
    const at = 6 + 16 * index;
    const [length, offset] = [ico.readUInt32LE(at + 8), ico.readUInt32LE(at + 12)];
    return { width: ico.readUInt8(at) || 256, data: ico.subarray(offset, offset + length) };
  });
}

function icnsEntries(icns: Buffer): { type: string; data: Buffer }[] {
  const entries = [];
  for (let at = 8; at < icns.length; at += icns.readUInt32BE(at + 4)) {
    entries.push({
      type: icns.toString('ascii', at, at + 4),
      data: icns.subarray(at + 8, at + icns.readUInt32BE(at + 4)),
    });
  }
  return entries;
}

it('the files are those of the present drawing; else run node build/icons.mjs', () => {
  expect(bytes('build/icons/fingerprint.txt').toString().trim()).toBe(fingerprint());
});

it('the sign is the flame of the dashboard', () => {
  expect([FLAME, CORE]).toEqual([FLAME_PATH, CORE_PATH]);
});

it('every state of the tray is drawn', () => {
  expect(TRAY_STATES).toEqual([...TRAY_ICONS]);
});

describe.each([...TRAY_ICONS])('the icon "%s"', (state) => {
  it('has a file for every system and screen', () => {
    for (const size of TRAY_SIZES) expect(tray(`${state}-${size}.png`)).toMatchObject({ width: size, height: size });
    for (const scale of [1, 1.25, 2]) expect(tray(trayFile(state, 'linux', scale)).width).toBe(scale > 1 ? 48 : 24);
    expect(tray(trayFile(state, 'darwin', 2)).width).toBe(TEMPLATE_SIZE);
    expect(tray(`${state}Template@2x.png`).width).toBe(2 * TEMPLATE_SIZE);
    const ico = bytes(`resources/desktop/tray/${trayFile(state, 'win32', 1)}`);
    expect(icoEntries(ico).map(({ width }) => width)).toEqual(TRAY_ICO_SIZES);
  });

  it('is black on nothing for the macOS menu bar', () => {
    const { data } = tray(`${state}Template.png`);
    const colours = data.filter((_, index) => index % 4 !== 3);
    expect(new Set(colours)).toEqual(new Set([0]));
    expect(data.filter((alpha, index) => index % 4 === 3 && alpha === 255).length).toBeGreaterThan(20);
  });

  it('stands out on light and on dark panels', () => {
    const { data } = tray(`${state}-48.png`);
    const solid = new Map<string, number>();
    for (let at = 0; at < data.length; at += 4) {
      if (data[at + 3] === 255) {
        const colour = data.subarray(at, at + 3).join();
        solid.set(colour, (solid.get(colour) ?? 0) + 1);
      }
    }
    const [main = ''] = [...solid].sort(([, one], [, other]) => other - one)[0] ?? [];
    const ink = luminance(...main.split(',').map(Number));
    expect(contrast(ink, LIGHT)).toBeGreaterThan(3);
    expect(contrast(ink, DARK)).toBeGreaterThan(3);
  });
});

const pairs = TRAY_ICONS.flatMap((one, index) => TRAY_ICONS.slice(index + 1).map((other) => [one, other] as const));

describe('without colours, at 16 pixels, one can tell', () => {
  /** Pixels of 256 that differ clearly. */
  function differing(one: PNG, other: PNG, panel: number): number {
    const [greysOfOne, greysOfOther] = [greys(one, panel), greys(other, panel)];
    return greysOfOne.filter((grey, index) => contrast(grey, greysOfOther[index] ?? 0) > 2).length;
  }

  it.each(pairs)('%s from %s', (one, other) => {
    for (const panel of [LIGHT, DARK]) {
      expect(differing(tray(`${one}-16.png`), tray(`${other}-16.png`), panel)).toBeGreaterThanOrEqual(12);
    }
    expect(differing(tray(`${one}Template.png`), tray(`${other}Template.png`), LIGHT)).toBeGreaterThanOrEqual(15);
  });
});

describe('the application', () => {
  it('has an icon for each packager', () => {
    expect(picture('resources/desktop/icon.png').width).toBe(256);
    expect(picture('build/package/icon.png').width).toBe(512);
    for (const size of LINUX_SIZES) expect(picture(`build/package/icons/${size}x${size}.png`).width).toBe(size);
    expect(icoEntries(bytes('build/package/icon.ico')).map(({ width }) => width)).toEqual(APP_ICO_SIZES);
    const icns = bytes('build/package/icon.icns');
    expect(icns.readUInt32BE(4)).toBe(icns.length);
    expect([...new Set(icnsEntries(icns).map(({ data }) => PNG.sync.read(data).width))].sort((a, b) => a - b)).toEqual(
      ICNS_SIZES,
    );
  });
});

describe('the containers', () => {
  /** A red pixel at the upper left, the rest half transparent green. */
  function sample(size: number): Buffer {
    const png = new PNG({ width: size, height: size });
    for (let at = 0; at < png.data.length; at += 4) png.data.set(at === 0 ? [255, 0, 0, 255] : [0, 128, 0, 127], at);
    return PNG.sync.write(png);
  }

  it('an .ico keeps small pictures as bitmaps from below and large ones as PNG', () => {
    const large = sample(256);
    const [small, big] = icoEntries(icoOf([sample(16), large]));
    expect(big?.data).toEqual(large);
    const bitmap = small?.data as Buffer;
    expect([bitmap.readUInt32LE(0), bitmap.readInt32LE(4), bitmap.readInt32LE(8), bitmap.readUInt16LE(14)]).toEqual([
      40, 16, 32, 32,
    ]);
    expect(bitmap.length).toBe(40 + 16 * 16 * 4 + 16 * 4);
    expect([...bitmap.subarray(40 + 15 * 16 * 4, 44 + 15 * 16 * 4)]).toEqual([0, 0, 255, 255]);
    expect([...bitmap.subarray(40, 44)]).toEqual([0, 128, 0, 127]);
  });

  it('an .icns names each picture by its size', () => {
    const pictures = new Map(ICNS_SIZES.map((size: number) => [size, sample(size)]));
    const entries = icnsEntries(icnsOf(pictures));
    expect(entries.map(({ type }) => type)).toEqual(['ic11', 'ic12', 'ic07', 'ic13', 'ic08', 'ic14', 'ic09', 'ic10']);
    expect(entries.at(-1)?.data).toEqual(pictures.get(1024));
  });
});
