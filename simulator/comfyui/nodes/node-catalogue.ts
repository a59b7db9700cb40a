/** All node types of this instance by name, and the catalogue GET /object_info shows. */
import type { NodeType } from './node-type.ts';

export interface NodeCatalogue {
  get(name: string): NodeType | undefined;
  /** The whole catalogue, or the one node; `{}` for an unknown name. */
  describe(name?: string): Record<string, unknown>;
}

export function createNodeCatalogue(types: readonly NodeType[]): NodeCatalogue {
  const byName = new Map(types.map((type) => [type.name, type]));
  return {
    get: (name) => byName.get(name),
    describe(name) {
      const shown = name === undefined ? types : types.filter((type) => type.name === name);
      return Object.fromEntries(shown.map((type) => [type.name, describeNode(type)]));
    },
  };
}

function describeNode(type: NodeType): Record<string, unknown> {
  const input = type.inputs();
  const tooltips = type.outputTooltips ? { output_tooltips: type.outputTooltips } : {};
  return {
    input,
    input_order: Object.fromEntries(Object.entries(input).map(([kind, named]) => [kind, Object.keys(named)])),
    output: type.outputs,
    output_is_list: type.outputs.map(() => false),
    output_name: type.outputs,
    ...(type.isNewSchema ? tooltips : {}),
    name: type.name,
    display_name: type.displayName,
    description: type.description,
    python_module: type.pythonModule,
    category: type.category,
    output_node: type.isOutput,
    ...(type.isNewSchema ? { deprecated: false, experimental: false, api_node: false } : tooltips),
  };
}
