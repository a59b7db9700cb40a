/** The product name of an AMD card on Linux. The kernel knows only numbers; libdrm's list, installed with every Mesa, has the names. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const NAME_LISTS = ['usr/share/libdrm/amdgpu.ids', 'opt/amdgpu/share/libdrm/amdgpu.ids'];

/** @param device the card's folder in sysfs */
export async function findAmdName(root: string, device: string): Promise<string> {
  const [deviceId, revision] = await Promise.all([pciNumber(device, 'device'), pciNumber(device, 'revision')]);
  for (const file of NAME_LISTS) {
    const name = nameFromList(await readFile(join(root, file), 'utf8').catch(() => ''), deviceId, revision);
    if (name) return name;
  }
  return deviceId ? `AMD GPU ${deviceId}` : 'AMD GPU';
}

/** Rows are `744C,	C8,	AMD Radeon RX 7900 XTX`: device, revision, name. The same device has several names by revision. */
export function nameFromList(list: string, deviceId: string, revision: string): string | null {
  for (const line of list.split('\n')) {
    const [device, lineRevision, ...name] = line.split(',').map((field) => field.trim());
    if (device?.toUpperCase() === deviceId && lineRevision?.toUpperCase() === revision) return name.join(', ') || null;
  }
  return null;
}

/** `0x744c` as `744C`; empty when the file is missing. */
const pciNumber = (device: string, name: string): Promise<string> =>
  readFile(join(device, name), 'utf8').then(
    (content) => content.trim().replace(/^0x/, '').toUpperCase(),
    () => '',
  );
