/** How far each node of the running prompt is, in the form of `progress_state`. Pure. */

export interface NodeProgress {
  value: number;
  max: number;
  state: 'running' | 'finished';
  node_id: string;
  prompt_id: string;
  display_node_id: string;
  parent_node_id: null;
  real_node_id: string;
}

export interface ProgressBoard {
  start(nodeId: string): void;
  step(nodeId: string, value: number, max: number): void;
  finish(nodeId: string): void;
  /** The data of the message. */
  snapshot(): { prompt_id: string; nodes: Record<string, NodeProgress> };
}

export function createProgressBoard(promptId: string): ProgressBoard {
  const nodes: Record<string, NodeProgress> = {};
  const set = (nodeId: string, value: number, max: number, state: 'running' | 'finished') => {
    nodes[nodeId] = { value, max, state, ...progressIdentity(nodeId, promptId) };
  };
  return {
    start: (nodeId) => set(nodeId, 0, 1, 'running'),
    step: (nodeId, value, max) => set(nodeId, value, max, 'running'),
    finish(nodeId) {
      const max = nodes[nodeId]?.max ?? 1;
      set(nodeId, max, max, 'finished');
    },
    snapshot: () => ({ prompt_id: promptId, nodes: { ...nodes } }),
  };
}

/** The ids that go with every progress entry and with preview frames. */
export function progressIdentity(nodeId: string, promptId: string) {
  return { node_id: nodeId, prompt_id: promptId, display_node_id: nodeId, parent_node_id: null, real_node_id: nodeId };
}
