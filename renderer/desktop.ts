/**
 * The desktop shell around this page, if there is one: `window.stokerDesktop`, with every answer checked by the contract's schema.
 * In a browser there is none, and what only a shell can do is not offered.
 */
import {
  DESKTOP_EVENTS,
  DESKTOP_REQUESTS,
  type DesktopBridge,
  type DesktopEvent,
  type DesktopEventPayload,
  type DesktopInfo,
  type DesktopInput,
  type DesktopOutput,
  type DesktopRequest,
} from '../contract/desktop.ts';

declare global {
  interface Window {
    readonly stokerDesktop?: DesktopBridge;
  }
}

/** A refusal of the shell. */
export class DesktopError extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'DesktopError';
    this.code = code;
  }
}

export interface Desktop {
  readonly info: DesktopInfo;
  /** Rejects with DesktopError. */
  ask<Name extends DesktopRequest>(name: Name, input: DesktopInput<Name>): Promise<DesktopOutput<Name>>;
  /** Returns the way to stop listening. */
  on<Name extends DesktopEvent>(name: Name, listener: (payload: DesktopEventPayload<Name>) => void): () => void;
}

/** Null when the bridge does not answer as the contract says: the page then works as in a browser. */
export async function connectDesktop(bridge: DesktopBridge): Promise<Desktop | null> {
  async function ask<Name extends DesktopRequest>(name: Name, input: DesktopInput<Name>): Promise<DesktopOutput<Name>> {
    const answer = await bridge.request(name, input);
    if (!answer.ok) throw new DesktopError(answer.code, answer.message);
    const parsed = DESKTOP_REQUESTS[name].output.safeParse(answer.value);
    if (!parsed.success) throw new DesktopError('unexpected_answer', `The answer to ${name} is not as agreed.`);
    // The table maps each name to its answer; the compiler cannot follow that through a variable name.
    return parsed.data as DesktopOutput<Name>;
  }

  try {
    const info = await ask('info', null);
    return {
      info,
      ask,
      on: (name, listener) =>
        bridge.on(name, (payload) => {
          const parsed = DESKTOP_EVENTS[name].safeParse(payload);
          if (parsed.success) listener(parsed.data as DesktopEventPayload<typeof name>);
        }),
    };
  } catch (error) {
    console.warn('The desktop shell does not answer:', error);
    return null;
  }
}

const bridge = typeof window === 'undefined' ? undefined : window.stokerDesktop;

/** Asked once, before anything is drawn: the language of the page comes with it. */
export const desktop: Desktop | null = bridge === undefined ? null : await connectDesktop(bridge);
