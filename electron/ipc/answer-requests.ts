/**
 * Answers what the dashboard window asks of the shell: known names only, from its own main frame at a page of ours only, with input
 * and output held against the contract. Knows no Electron: registration is in register.ts.
 */

import type { z } from 'zod';
import {
  DESKTOP_REQUESTS,
  type DesktopAnswer,
  type DesktopOutput,
  type DesktopRequest,
} from '../../contract/desktop.ts';
import { MANAGER_PREFIX } from '../../contract/manager-api.ts';
import { EngineRefusal } from '../engine/engine-link.ts';

export type DesktopHandlers = {
  readonly [Name in DesktopRequest]: (
    input: z.infer<(typeof DESKTOP_REQUESTS)[Name]['input']>,
  ) => DesktopOutput<Name> | Promise<DesktopOutput<Name>>;
};

/** Who asks, as Electron tells it. */
export interface Sender {
  /** The main frame of the dashboard window, not a frame in it and not another window. */
  readonly isDashboardMainFrame: boolean;
  readonly url: string;
}

export interface AnswerDeps {
  readonly handlers: DesktopHandlers;
  /** Base address of the engine; null while there is none: then nobody is answered. */
  readonly engineUrl: () => string | null;
  /** One line, without anything of the input: it may hold a secret. */
  readonly log: (line: string) => void;
}

/** A page of the dashboard, by its address. */
export function isOurPage(pageUrl: string, engineUrl: string | null): boolean {
  if (engineUrl === null) return false;
  try {
    const { origin, pathname, username, password } = new URL(pageUrl);
    if (origin !== new URL(engineUrl).origin || username !== '' || password !== '') return false;
    return pathname === MANAGER_PREFIX || pathname.startsWith(`${MANAGER_PREFIX}/`);
  } catch {
    return false;
  }
}

export function createAnswerer({ handlers, engineUrl, log }: AnswerDeps) {
  return async (sender: Sender, name: unknown, input: unknown): Promise<DesktopAnswer> => {
    if (!sender.isDashboardMainFrame || !isOurPage(sender.url, engineUrl())) {
      log(`desktop request refused: it came from ${sender.isDashboardMainFrame ? 'another page' : 'another frame'}`);
      return refusal('not_allowed', 'Only the dashboard window of Stoker may ask this.');
    }
    if (!isKnown(name)) {
      log('desktop request refused: there is none of that name');
      return refusal('not_found', 'Stoker knows no such request.');
    }
    const { input: inputSchema, output: outputSchema } = DESKTOP_REQUESTS[name];
    const checked = inputSchema.safeParse(input ?? null);
    if (!checked.success) {
      const fields = checked.error.issues.map((issue) => issue.path.join('.') || name).join(', ');
      return refusal('invalid_request', `The request is not valid: ${fields}.`);
    }
    try {
      const handle = handlers[name] as (value: unknown) => unknown;
      return { ok: true, value: outputSchema.parse(await handle(checked.data)) };
    } catch (error) {
      if (error instanceof EngineRefusal) return refusal(error.code, error.message);
      log(`desktop request ${name} failed: ${error instanceof Error ? error.name : 'unknown'}`);
      return refusal('internal', error instanceof Error ? error.message : String(error));
    }
  };
}

function isKnown(name: unknown): name is DesktopRequest {
  return typeof name === 'string' && Object.hasOwn(DESKTOP_REQUESTS, name);
}

const refusal = (code: string, message: string): DesktopAnswer => ({ ok: false, code, message });
