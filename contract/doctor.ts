/** The report of `stoker doctor` and `GET /manager/doctor`. */
import { z } from 'zod';

export const DoctorCheckSchema = z.object({
  id: z.string().describe('Stable, for example python, torch, port-public, disk, custom-nodes.'),
  title: z.string(),
  outcome: z.enum(['ok', 'warning', 'problem', 'skipped']),
  finding: z.string().describe('What was seen.'),
  advice: z.string().nullable().describe('What to do next; null when there is nothing to do.'),
});
export type DoctorCheck = z.infer<typeof DoctorCheckSchema>;

export const DoctorReportSchema = z.object({ at: z.number(), checks: z.array(DoctorCheckSchema) });
export type DoctorReport = z.infer<typeof DoctorReportSchema>;

/** An existing ComfyUI found on this machine. */
export const InstallationSchema = z.object({
  kind: z.enum(['git', 'portable', 'desktop', 'stabilityMatrix', 'pinokio', 'configured', 'running']),
  folder: z.string().describe('The folder with main.py.'),
  python: z.string().nullable(),
  version: z.string().nullable(),
  note: z.string().nullable(),
});
export type Installation = z.infer<typeof InstallationSchema>;
