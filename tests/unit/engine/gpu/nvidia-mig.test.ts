import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MIG_ANSWER_END, parseMigDevices, parseMigNames } from '../../../../engine/gpu/nvidia-mig.ts';
import { gpuFixture } from '../../../support/gpu-fixture.ts';

const MIB = 1024 * 1024;

test('the recorded list names every slice of the card', () => {
  expect(parseMigNames(gpuFixture('h100-mig-linux.list.txt'))).toEqual([
    {
      gpuUuid: 'GPU-00000000-0000-0000-0000-000000000000',
      index: 0,
      uuid: 'MIG-00000000-0000-0000-0000-000000000000',
      profile: '3g.40gb',
    },
    {
      gpuUuid: 'GPU-00000000-0000-0000-0000-000000000000',
      index: 1,
      uuid: 'MIG-00000001-0000-0000-0000-000000000001',
      profile: '2g.20gb',
    },
    {
      gpuUuid: 'GPU-00000000-0000-0000-0000-000000000000',
      index: 2,
      uuid: 'MIG-00000002-0000-0000-0000-000000000002',
      profile: '1g.10gb',
    },
    {
      gpuUuid: 'GPU-00000000-0000-0000-0000-000000000000',
      index: 3,
      uuid: 'MIG-00000003-0000-0000-0000-000000000003',
      profile: '1g.10gb',
    },
  ]);
});

test('the recorded log of a split A100 tells the memory of both slices', () => {
  const gpuUuid = 'GPU-27b94a00-ed54-5c24-b1fd-1054085de32a';
  const slice = { gpuUuid, vramTotalBytes: 19_968 * MIB, vramUsedBytes: 19 * MIB, processes: [] };
  expect(parseMigDevices(gpuFixture('a100-mig.query.xml'))).toEqual([
    { ...slice, index: 0 },
    { ...slice, index: 1 },
  ]);
});

test('a process is counted in its own slice only', () => {
  // Values as recorded on the H100 of h100-mig-linux: instance 2/0 is device 0.
  const process = (pid: number, mib: number) =>
    `<process_info><gpu_instance_id>2</gpu_instance_id><compute_instance_id>0</compute_instance_id><pid>${pid}</pid><used_memory>${mib} MiB</used_memory></process_info>`;
  const device = (index: number, instance: number) =>
    `<mig_device><index>${index}</index><gpu_instance_id>${instance}</gpu_instance_id><compute_instance_id>0</compute_instance_id></mig_device>`;
  const xml = `<gpu id="0"><mig_devices>${device(0, 2)}${device(1, 3)}</mig_devices><uuid>GPU-1</uuid><processes>${process(21_180, 2296)}${process(21_198, 7484)}</processes></gpu>`;
  expect(parseMigDevices(xml).map(({ processes }) => processes.map(({ pid, usedBytes }) => [pid, usedBytes]))).toEqual([
    [
      [21_180, 2296 * MIB],
      [21_198, 7484 * MIB],
    ],
    [],
  ]);
});

test('a machine without slices has none', () => {
  expect(parseMigDevices('<gpu id="0"><mig_devices>\n\tNone\n</mig_devices><uuid>GPU-1</uuid></gpu>')).toEqual([]);
});

test('any text never throws', () => {
  const fragment = fc.constantFrom(
    '<gpu>',
    '</gpu>',
    '<mig_device>',
    '</mig_device>',
    '<index>1</index>',
    '<uuid>GPU-1</uuid>',
    MIG_ANSWER_END,
  );
  fc.assert(
    fc.property(fc.array(fc.oneof(fragment, fc.string())), (parts) => {
      parseMigDevices(parts.join(''));
      parseMigNames(parts.join('\n'));
    }),
  );
});
