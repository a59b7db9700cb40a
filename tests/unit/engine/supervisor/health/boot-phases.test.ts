import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BOOT_PHASES } from '../../../../../contract/supervisor-state.ts';
import {
  type BootProgress,
  customNodeIn,
  isFirstBootLine,
  isGuiLine,
  progressAfter,
} from '../../../../../engine/supervisor/health/boot-phases.ts';

const recorded = (name: string) =>
  readFileSync(resolve(import.meta.dirname, `../../../../fixtures/comfyui-logs/${name}.txt`), 'utf8').split('\n');
const launched: BootProgress = { phase: 'python', detail: null };

function phasesOf(lines: readonly string[]): string[] {
  const seen: string[] = [];
  lines.reduce((progress, line) => {
    const next = progressAfter(progress, line);
    const name = next.detail === null ? next.phase : `${next.phase} (${next.detail})`;
    if (name !== seen.at(-1)) seen.push(name);
    return next;
  }, launched);
  return seen;
}

describe('the output of a real ComfyUI 0.3.64', () => {
  it('goes through every phase, and names the custom nodes', () => {
    expect(phasesOf(recorded('boot-and-sigterm'))).toEqual([
      'torch',
      'customNodes',
      'customNodes (lab_nodes)',
      'server',
    ]);
  });

  it('names the custom node that failed to import', () => {
    expect(phasesOf(recorded('broken-custom-node'))).toContain('customNodes (lab_import_error)');
  });

  it('ends at the custom nodes when one of them ends the process', () => {
    expect(phasesOf(recorded('custom-node-calls-exit')).at(-1)).toBe('customNodes');
  });

  it('announces its server once, and its beginning once', () => {
    const lines = recorded('boot-and-sigint');
    expect(lines.filter(isGuiLine)).toHaveLength(1);
    expect(lines.filter(isFirstBootLine)).toHaveLength(1);
  });
});

describe('progressAfter', () => {
  it('never goes back, whatever is printed', () => {
    const lines = [...recorded('boot-and-sigint'), ...recorded('broken-custom-node')];
    const line = fc.oneof(fc.constantFrom(...lines), fc.string());
    fc.assert(
      fc.property(fc.array(line), (printed) => {
        let before = launched;
        for (const text of printed) {
          const next = progressAfter(before, text);
          expect(BOOT_PHASES.indexOf(next.phase)).toBeGreaterThanOrEqual(BOOT_PHASES.indexOf(before.phase));
          before = next;
        }
      }),
    );
  });

  it('returns the same object for a line that says nothing', () => {
    expect(progressAfter(launched, 'hello')).toBe(launched);
  });
});

describe('customNodeIn', () => {
  it.each([
    ['   0.3 seconds: /opt/ComfyUI/custom_nodes/ComfyUI-Manager', 'ComfyUI-Manager'],
    ['   0.0 seconds: C:\\ComfyUI\\custom_nodes\\websocket_image_save.py', 'websocket_image_save'],
    ['  File "/opt/ComfyUI/custom_nodes/broken/__init__.py", line 1, in <module>', 'broken'],
    ['### Loading: ComfyUI-Impact-Pack (V8.22)', 'ComfyUI-Impact-Pack'],
    ['[rgthree-comfy] Loaded 42 exciting nodes.', 'rgthree-comfy'],
    ['[Crystools INFO] Crystools version: 1.22', 'Crystools INFO'],
    ['[Prompt Server] web root: /opt/x', null],
    ['[INFO] something', null],
    ['To see the GUI go to: http://127.0.0.1:8188', null],
    ['[1/20] step', null],
  ])('%s → %s', (line, node) => {
    expect(customNodeIn(line)).toBe(node);
  });
});
