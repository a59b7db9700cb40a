/**
 * Results of nodes, kept from one prompt to the next and found by what went into them: the class, the inputs, and the same
 * of every ancestor. What the newest prompt does not use is dropped, as ComfyUI's classic cache does.
 */
import { isLink, type Prompt } from './prompt.ts';

/** Signatures of every node of a prompt. Two nodes with the same ancestry share one, whatever their ids. Pure. */
export function nodeSignatures(prompt: Prompt, fingerprint: (nodeId: string) => string): Map<string, string> {
  const signatures = new Map<string, string>();
  const signatureOf = (nodeId: string): string => {
    const known = signatures.get(nodeId);
    if (known !== undefined) return known;
    const node = prompt[nodeId];
    const inputs = Object.entries(node?.inputs ?? {})
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([name, value]) => [name, isLink(value) ? { from: signatureOf(value[0]), output: value[1] } : { value }]);
    const signature = JSON.stringify([node?.class_type, fingerprint(nodeId), inputs]);
    signatures.set(nodeId, signature);
    return signature;
  };
  for (const nodeId of Object.keys(prompt)) signatureOf(nodeId);
  return signatures;
}

export interface NodeUi {
  output: Record<string, unknown>;
  meta: { node_id: string; display_node: string; parent_node: null; real_node_id: string };
}

export interface CachedNode {
  outputs: unknown[];
  ui: NodeUi | undefined;
}

export interface NodeCache {
  /** Turns to another prompt and forgets what it does not use. */
  turnTo(signatures: ReadonlyMap<string, string>): void;
  get(nodeId: string): CachedNode | undefined;
  set(nodeId: string, result: CachedNode): void;
  clear(): void;
}

export function createNodeCache(): NodeCache {
  const results = new Map<string, CachedNode>();
  let signatures: ReadonlyMap<string, string> = new Map();
  return {
    turnTo(next) {
      signatures = next;
      const used = new Set(next.values());
      for (const signature of results.keys()) if (!used.has(signature)) results.delete(signature);
    },
    get: (nodeId) => results.get(signatures.get(nodeId) ?? ''),
    set(nodeId, result) {
      const signature = signatures.get(nodeId);
      if (signature !== undefined) results.set(signature, result);
    },
    clear: () => results.clear(),
  };
}
