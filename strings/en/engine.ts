/** The engine's own language: every sentence of it is shown as it comes. */
import type { EngineWords } from '../vocabulary.ts';

export const engineWords: EngineWords = {
  started: null,
  stopped: null,
  starting: (because) => because,
  running: (because) => because,
  stopping: null,
  yielded: null,
  error: {},
};
