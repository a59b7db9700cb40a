import { describe, expect, test } from 'vitest';
import { readImportReport } from '../../../../engine/doctor/import-failures.ts';

/** As recorded of ComfyUI 0.3.64 (contracts/comfyui.md §4). */
const START = [
  'Total VRAM 24033 MB, total RAM 24033 MB',
  'Traceback (most recent call last):',
  '  File "/opt/ComfyUI/custom_nodes/lab_import_error/__init__.py", line 1, in <module>',
  'RuntimeError: lab: custom node broken on import',
  '',
  'Cannot import /opt/ComfyUI/custom_nodes/lab_import_error module for custom nodes: lab: custom node broken on import',
  '',
  'Import times for custom nodes:',
  '   0.0 seconds: /opt/ComfyUI/custom_nodes/websocket_image_save.py',
  '   0.0 seconds: /opt/ComfyUI/custom_nodes/lab_nodes',
  '   0.1 seconds (IMPORT FAILED): /opt/ComfyUI/custom_nodes/lab_import_error',
  '',
  'Context impl SQLiteImpl.',
  'Starting server',
];

const HEALTHY = ['Import times for custom nodes:', '  12.5 seconds: C:\\ComfyUI\\custom_nodes\\big pack', ''];

describe('readImportReport', () => {
  test('tells which custom node failed, and ComfyUI’s words for it', () => {
    expect(readImportReport(START)).toEqual({
      imported: 2,
      failures: [
        {
          path: '/opt/ComfyUI/custom_nodes/lab_import_error',
          message: 'lab: custom node broken on import',
        },
      ],
    });
  });

  test('reads the newest start alone', () => {
    expect(readImportReport([...START, ...HEALTHY])).toEqual({ imported: 1, failures: [] });
    expect(readImportReport([...HEALTHY, ...START])?.failures).toHaveLength(1);
  });

  test('does without words that have scrolled out of the log', () => {
    expect(readImportReport(START.slice(7))?.failures).toEqual([
      { path: '/opt/ComfyUI/custom_nodes/lab_import_error', message: null },
    ]);
  });

  test('is null before the first start, and while custom nodes are still imported', () => {
    expect(readImportReport([])).toBeNull();
    expect(readImportReport(START.slice(0, 7))).toBeNull();
  });

  test('reads a log that ends inside the summary', () => {
    expect(readImportReport(START.slice(0, 9))).toEqual({ imported: 1, failures: [] });
  });
});
