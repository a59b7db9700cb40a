/** Close codes of the WebSocket protocol: which may be sent, and what one end's close means to the other. Pure. */

export const CLOSE = {
  goingAway: 1001,
  policyViolation: 1008,
  serviceRestart: 1012,
  tryAgainLater: 1013,
} as const;

const NORMAL = 1000;
/** 1004 to 1006 and 1015 only describe what happened; in a close frame they are a protocol error. */
const NEVER_SENT = new Set([1004, 1005, 1006, 1015]);
const LAST_DEFINED = 1014;

export const isSendable = (code: number): boolean =>
  (code >= NORMAL && code <= LAST_DEFINED && !NEVER_SENT.has(code)) || (code >= 3000 && code <= 4999);

/** The code ComfyUI is told when a client left with `code`: a vanished one has gone away. */
export function codeForComfy(code: number): number {
  if (isSendable(code)) return code;
  return code === 1006 ? CLOSE.goingAway : NORMAL;
}

/** ComfyUI's verdict on what this client sent: it must hear it. Everything else is ComfyUI's own coming and going. */
export const blamesClient = (code: number): boolean =>
  [1002, 1003, 1007, 1008, 1009, 1010].includes(code) || (code >= 3000 && code <= 4999);
