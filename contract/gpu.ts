/** GPU readings as every source (nvidia-smi, the Linux kernel's amdgpu, amd-smi, /system_stats) reports them: null means "not told", never zero. */
import { z } from 'zod';

export const GpuReadingSchema = z.object({
  id: z.string().describe('Stable for the life of the machine: UUID, or vendor and index.'),
  index: z.number().int(),
  name: z.string(),
  vendor: z.enum(['nvidia', 'amd', 'apple', 'intel', 'other']),
  vramTotalBytes: z.number().nullable(),
  vramUsedBytes: z.number().nullable(),
  vramComfyBytes: z
    .number()
    .nullable()
    .describe('Held by the ComfyUI process tree; null when the driver does not tell.'),
  utilizationPercent: z.number().nullable(),
  temperatureCelsius: z.number().nullable(),
  powerWatts: z.number().nullable(),
});
export type GpuReading = z.infer<typeof GpuReadingSchema>;

export const GpuSnapshotSchema = z.object({
  at: z.number().describe('Epoch milliseconds.'),
  source: z.enum(['nvidia-smi', 'amdgpu', 'amd-smi', 'rocm-smi', 'system-stats', 'simulator', 'none']),
  gpus: z.array(GpuReadingSchema),
  note: z.string().nullable().describe('Why there is nothing to show, in words.'),
});
export type GpuSnapshot = z.infer<typeof GpuSnapshotSchema>;

export const GpuHistoryRangeSchema = z.enum(['hour', 'day']);
export type GpuHistoryRange = z.infer<typeof GpuHistoryRangeSchema>;

/** Columns of equal length, oldest first; a null is a gap (nobody measured). */
export const GpuHistorySchema = z.object({
  range: GpuHistoryRangeSchema,
  stepSeconds: z.number(),
  gpus: z.array(
    z.object({
      id: z.string(),
      name: z.string(),
      vramTotalBytes: z.number().nullable(),
      times: z.array(z.number()).describe('Epoch seconds, the start of each step.'),
      vramUsedBytes: z.array(z.number().nullable()),
      vramComfyBytes: z.array(z.number().nullable()),
      utilizationPercent: z.array(z.number().nullable()),
      powerWatts: z.array(z.number().nullable()),
    }),
  ),
});
export type GpuHistory = z.infer<typeof GpuHistorySchema>;
