/**
 * Takes in the prompts of ComfyUI's page and of every other client: reads each whole, has it written down, and only then passes it on,
 * word for word. Who was not answered has queued it all the same; who was refused has not.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { fieldsOf, textOf, textsOf } from '../comfyui/json-fields.ts';
import type { ActivityMeter } from '../idle/activity-meter.ts';
import type { Journal, JournaledPrompt } from '../jobs/journal.ts';
import { AppError } from '../platform/app-error.ts';
import { readBounded } from '../platform/bounded-body.ts';
import type { Log } from '../platform/log.ts';
import type { ComfyAddress } from '../supervisor/supervisor.ts';
import { leftOutWords } from '../targets/comfyui/refusal-words.ts';
import { type ObservedAnswer, observeAnswer } from './answer-observer.ts';
import { sendError, sendJson } from './error-answer.ts';
import type { Hold } from './hold.ts';
import type { PassDeps } from './pass.ts';
import type { RequestFraming } from './request-framing.ts';

/** A request with its body in hand, on its way to ComfyUI. */
export interface Parcel {
  readonly body: Buffer;
  /** What the desk wants to hear of its way. */
  readonly deps: Partial<Pick<PassDeps, 'through' | 'refuse' | 'onOver'>>;
}

export interface PromptDeskDeps {
  readonly journal: Journal;
  readonly meter: Pick<ActivityMeter, 'begin'>;
  readonly hold: Pick<Hold, 'wait'>;
  readonly address: () => ComfyAddress | null;
  /** ComfyUI may not run: prompts are kept. */
  readonly isCardLent: () => boolean;
  /** Resolves when the prompts that wait here for ComfyUI are before this one in its queue. */
  readonly handedOver: () => Promise<void>;
  readonly log: Log;
}

export interface Caller {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** Sends it on to ComfyUI as it is, or with what was read of it. */
  pass(address: ComfyAddress, parcel: Parcel): void;
}

export interface PromptDesk {
  /** `POST /prompt`. */
  takePrompt(caller: Caller): Promise<void>;
  /** `POST /queue`: what it deletes stays deleted. @returns its body, or null when the client has gone or was answered */
  noteDeletion(request: IncomingMessage, response: ServerResponse): Promise<Buffer | null>;
}

/** A workflow with its pictures inside; ComfyUI itself takes 100 MB. Larger ones are passed on without being written down. */
const MOST_PROMPT_BYTES = 64 * 1024 * 1024;
const MOST_DELETION_BYTES = 4 * 1024 * 1024;

/** Whether the desk reads this one: what says that it is too large is not worth a place in memory. */
export const fitsTheDesk = (framing: RequestFraming): boolean =>
  framing.kind !== 'length' || Number(framing.bytes) <= MOST_PROMPT_BYTES;

export function createPromptDesk(deps: PromptDeskDeps): PromptDesk {
  const { journal, hold, log } = deps;

  async function read(request: IncomingMessage, response: ServerResponse, maxBytes: number): Promise<Buffer | null> {
    // Whoever waits for a word before the body waits for us now.
    if (request.headers.expect !== undefined) response.writeContinue();
    try {
      return await readBounded(request.iterator({ destroyOnReturn: false }), maxBytes);
    } catch {
      if (request.destroyed) return null;
      response.shouldKeepAlive = false;
      sendError(request, response, new AppError('prompt_too_large', `The request has more than ${maxBytes} bytes.`));
      request.resume();
      return null;
    }
  }

  async function write(body: Buffer, as: 'running' | 'queued'): Promise<JournaledPrompt | null> {
    try {
      return await journal.write(body.toString('utf8'), as);
    } catch (error) {
      log.error({ err: error }, 'a prompt could not be written down; it is passed on without');
      return null;
    }
  }

  function passJournaled(caller: Caller, address: ComfyAddress, prompt: JournaledPrompt): void {
    const { jobId, promptId, request } = prompt;
    let answer: ObservedAnswer | null = null;
    caller.pass(address, {
      body: Buffer.from(request),
      deps: {
        through: (pass) => observeAnswer(pass, (observed) => (answer = observed)),
        // It is on disk, and runs as soon as ComfyUI answers again: that is what was asked for.
        refuse: (_, response) => sendJson(response, 200, keptAnswer(promptId)),
        onOver: () =>
          void settle(jobId, answer).catch((error: unknown) =>
            log.error({ err: error, jobId }, 'a prompt could not be followed'),
          ),
      },
    });
  }

  async function settle(jobId: string, answer: ObservedAnswer | null): Promise<void> {
    const fields = fieldsOf(answer?.json);
    const promptId = textOf(fields.prompt_id);
    if (answer === null) journal.uncertain(jobId);
    else if (answer.status === 200 && promptId !== null) {
      await journal.accepted(jobId, promptId, leftOutWords(fields.node_errors));
    } else await journal.refused(jobId);
  }

  async function whenAwake(caller: Caller, address: ComfyAddress, prompt: JournaledPrompt): Promise<void> {
    await deps.handedOver();
    const { request, response } = caller;
    if (!journal.mayBeHandedOver(prompt.jobId)) {
      journal.uncertain(prompt.jobId);
      sendError(request, response, new AppError('prompt_cancelled', 'The prompt was cancelled while it waited.'));
    } else if (response.destroyed) await journal.giveBack(prompt.jobId);
    else passJournaled(caller, address, prompt);
  }

  async function takeIn(caller: Caller): Promise<void> {
    const { request, response } = caller;
    const body = await read(request, response, MOST_PROMPT_BYTES);
    if (body === null) return;
    if (deps.isCardLent()) {
      const prompt = await write(body, 'queued');
      if (prompt !== null) {
        sendJson(response, 200, keptAnswer(prompt.promptId));
        return;
      }
    }
    const prompt = await write(body, 'running');
    const address = deps.address();
    if (address !== null) {
      if (prompt === null) caller.pass(address, { body, deps: {} });
      else await whenAwake(caller, address, prompt);
    } else if (prompt === null) {
      hold.wait(request, response, (awake) => caller.pass(awake, { body, deps: {} }));
    } else {
      const logFailure = (error: unknown) => log.error({ err: error, job: prompt.jobId }, 'a held prompt is stuck');
      hold.wait(request, response, (awake) => void whenAwake(caller, awake, prompt).catch(logFailure), {
        onGone: () => void journal.giveBack(prompt.jobId).catch(logFailure),
        onRefused: () => void journal.refused(prompt.jobId).catch(logFailure),
      });
    }
  }

  return {
    async takePrompt(caller) {
      const end = deps.meter.begin('request');
      await takeIn(caller).finally(end);
    },
    async noteDeletion(request, response) {
      const body = await read(request, response, MOST_DELETION_BYTES);
      if (body === null) return null;
      const { clear, delete: ids } = fieldsOf(parsed(body));
      if (clear === true) await journal.deleted('waiting');
      const deleted = textsOf(ids);
      if (deleted.length > 0) await journal.deleted(deleted);
      return body;
    },
  };
}

/** As ComfyUI answers; a prompt that waits here has no number yet. */
const keptAnswer = (promptId: string): object => ({ prompt_id: promptId, number: 0, node_errors: {} });

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return null;
  }
}
