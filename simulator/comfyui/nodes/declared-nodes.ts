/**
 * Custom nodes that a test or a person adds without Python: each `custom_nodes/<package>.json` lists nodes by name with their inputs and
 * outputs. They are read at the start, as ComfyUI loads its packages, and do nothing.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeInputs, NodeType } from './node-type.ts';

interface Declaration {
  readonly inputs: NodeInputs;
  readonly outputs: readonly string[];
}

/** @throws when a file is no JSON */
export function declaredNodes(folder: string): NodeType[] {
  if (!existsSync(folder)) return [];
  const packages = readdirSync(folder).filter((name) => name.endsWith('.json'));
  return packages.sort().flatMap((file) => {
    const declared = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Record<string, Declaration>;
    return Object.entries(declared).map(([name, { inputs, outputs }]) => ({
      name,
      displayName: name,
      description: '',
      category: 'declared',
      pythonModule: `custom_nodes.${file.slice(0, -'.json'.length)}`,
      inputs: () => inputs,
      outputs,
      isOutput: false,
      run: async () => ({ outputs: outputs.map(() => null) }),
    }));
  });
}
