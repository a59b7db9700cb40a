/**
 * Everything that goes under one client id: its clients (usually one tab), their one link to ComfyUI, and what is said in
 * ComfyUI's place. All clients of the id hear everything; the newest speaks, because it is the one that was just opened.
 */
import type { IncomingMessage } from 'node:http';
import type { WebSocket } from 'ws';
import type { ComfyClient } from '../comfyui/client.ts';
import { frameType, isJobFrame, readFrame, statusFrame } from '../comfyui/frames.ts';
import { readQueue } from '../comfyui/queue-status.ts';
import type { CancelTimer, Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { ComfyAddress } from '../supervisor/supervisor.ts';
import type { TokenFilter } from './request-head.ts';
import { missedFrames } from './websocket-catch-up.ts';
import { createRelayClient, type RelayClient } from './websocket-client.ts';
import { blamesClient, CLOSE } from './websocket-close-codes.ts';
import type { DialQueue } from './websocket-dial-queue.ts';
import { dialHeaders } from './websocket-headers.ts';
import { createLink } from './websocket-link.ts';
import type { LinkState } from './websocket-link-state.ts';
import { isTold, type Loss, type NodeTypeOf } from './websocket-transcript.ts';

export interface Session {
  /** Takes over a client whose handshake is done. */
  add(socket: WebSocket, request: IncomingMessage, query: URLSearchParams): void;
  comfyReady(): void;
  /** ComfyUI is ending: no new connection, but what it still says is passed on. */
  comfyGoing(): void;
  /** Nothing is left of it: every client hears the end of its prompt and of the queue. */
  comfyGone(loss: Loss): void;
  settled(): boolean;
  clients(): Iterable<RelayClient>;
}

export interface SessionDeps {
  readonly sid: string;
  readonly address: () => ComfyAddress | null;
  readonly dialQueue: DialQueue;
  readonly clock: Clock;
  readonly log: Log;
  readonly tokenFilter: () => TokenFilter | null;
  readonly observe: (type: string | null, data: Buffer) => void;
  /** Of every binary frame on its way to a client. */
  readonly preview: (data: Buffer) => void;
  readonly nodeType: NodeTypeOf;
  readonly comfy: Pick<ComfyClient, 'queue' | 'historyOf'>;
  /** What the server last said about its features; ComfyUI's answer does not depend on who asks. */
  readonly featureFlags: { told(): string; remember(frame: string): void };
  readonly onClientGone: () => void;
  /** `settled` may have changed. */
  readonly onState: () => void;
  /** No client and no connection is left. */
  readonly onEmpty: () => void;
}

interface Member {
  readonly client: RelayClient;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  spoke: boolean;
}

/** From here a client that sends faster than ComfyUI reads is not read any more. */
const MOST_WAITING_FOR_COMFY_BYTES = 1024 * 1024;
/** The history knows of a prompt's end a moment before its last message is out. */
const LAST_MESSAGE_MS = 1000;

export function createSession(deps: SessionDeps): Session {
  const { clock, log } = deps;
  const members = new Set<Member>();
  let cancelCatchUp: CancelTimer | null = null;

  const link = createLink({
    address: deps.address,
    dialling,
    dialQueue: deps.dialQueue,
    clock,
    onFrame: fromComfy,
    onState: followLink,
    onClosed(code) {
      if (blamesClient(code)) closeAll(code, 'ComfyUI closed the connection');
    },
    onRefused(status) {
      if (status < 500) closeAll(CLOSE.policyViolation, `ComfyUI refused the connection with status ${status}`);
    },
  });

  const speaker = (): Member | undefined => [...members].at(-1);

  function dialling() {
    const member = speaker();
    const query = new URLSearchParams(member?.query);
    query.set('clientId', deps.sid);
    return { query, headers: member?.headers ?? {}, hello: member?.client.hello() ?? null };
  }

  function fromComfy(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      deps.preview(data);
      for (const { client } of members) client.forward(data, true);
      return;
    }
    const type = frameType(data);
    if (isJobFrame(type)) deps.observe(type, data);
    const message = isTold(type) ? readFrame(data) : null;
    if (message === null) {
      for (const { client } of members) client.forward(data, false);
      return;
    }
    if (message.kind === 'featureFlags') deps.featureFlags.remember(data.toString('utf8'));
    for (const { client } of members) client.forwardRead(data, message);
    if (message.kind === 'status' && message.sid !== null) link.dispatch('greeted');
  }

  function followLink(state: LinkState): void {
    if (state.kind === 'live') catchUpLater();
    deps.onState();
    if (state.kind === 'resting' && members.size === 0) deps.onEmpty();
  }

  function add(socket: WebSocket, request: IncomingMessage, query: URLSearchParams): void {
    const client = createRelayClient({ socket, clock, nodeType: deps.nodeType });
    const headers = dialHeaders(request.rawHeaders, deps.tokenFilter());
    const member: Member = { client, query, headers, spoke: false };
    members.add(member);
    socket.on('message', (data: Buffer, isBinary) => fromClient(member, data, isBinary));
    socket.on('error', (error) => log.debug({ sid: deps.sid, error: error.message }, 'a WebSocket client failed'));
    socket.on('close', (code) => remove(member, code));
    if (deps.address() === null) greetInComfysPlace(client);
    else if (link.state().kind === 'resting') link.dispatch('ready');
    else link.dispatch('renewed');
  }

  /** The first message of every connection, as ComfyUI would say it: a sleeping one has an empty queue. */
  function greetInComfysPlace(client: RelayClient): void {
    if (!client.toldAnything()) client.say(statusFrame(0, deps.sid));
  }

  function remove(member: Member, code: number): void {
    const spoke = speaker() === member;
    members.delete(member);
    deps.onClientGone();
    const next = speaker();
    if (next === undefined) {
      cancelCatchUp?.();
      if (link.state().kind === 'resting') deps.onEmpty();
      else link.abandon(code);
    } else if (spoke && !sameFrame(link.openedWith(), next.client.hello())) link.dispatch('renewed');
  }

  function fromClient(member: Member, data: Buffer, isBinary: boolean): void {
    const first = !member.spoke;
    member.spoke = true;
    const isHello = first && !isBinary && frameType(data) === 'feature_flags';
    if (isHello) member.client.setHello(data);
    if (isHello && !reachesComfy(member)) {
      // While the link is being made the hello goes with it, and ComfyUI itself answers.
      if (member !== speaker() || deps.address() === null) member.client.say(deps.featureFlags.told());
      return;
    }
    if (member !== speaker()) return;
    link.send(data, isBinary, first);
    if (comfyIsBehind()) member.client.holdBackWhile(comfyIsBehind);
  }

  const comfyIsBehind = (): boolean => link.waitingBytes() > MOST_WAITING_FOR_COMFY_BYTES;

  const reachesComfy = (member: Member): boolean => {
    const { kind } = link.state();
    return member === speaker() && (kind === 'greeting' || kind === 'live');
  };

  /** After a connection was lost although ComfyUI went on: a prompt may have ended meanwhile, and the page would wait for ever. */
  function catchUpLater(): void {
    cancelCatchUp?.();
    cancelCatchUp = null;
    if (![...members].some(({ client }) => client.openPrompt() !== null)) return;
    cancelCatchUp = clock.after(LAST_MESSAGE_MS, () => {
      for (const { client } of members) {
        void catchUp(client).catch((error) =>
          log.warn({ error: String(error) }, 'a missed prompt could not be asked for'),
        );
      }
    });
  }

  async function catchUp(client: RelayClient): Promise<void> {
    const prompt = client.openPrompt();
    if (prompt === null || link.state().kind !== 'live') return;
    const queue = readQueue(await deps.comfy.queue());
    if (queue === null || queue.promptIds.has(prompt.promptId)) return;
    const missed = missedFrames(prompt, await deps.comfy.historyOf(prompt.promptId));
    // Told by ComfyUI itself meanwhile, or ComfyUI went away: both have been dealt with.
    if (client.openPrompt() !== prompt || link.state().kind !== 'live') return;
    if (missed === null) client.sayPromptLost();
    else for (const frame of missed) client.say(frame);
  }

  function closeAll(code: number, reason: string): void {
    for (const { client } of members) client.close(code, reason);
  }

  return {
    add,
    comfyReady: () => {
      if (members.size > 0) link.dispatch('ready');
    },
    comfyGoing: () => link.dispatch('going'),
    comfyGone(loss) {
      cancelCatchUp?.();
      link.dispatch('gone');
      for (const { client } of members) {
        client.sayFarewell(loss);
        greetInComfysPlace(client);
      }
    },
    settled: () => members.size === 0 || link.settled(),
    clients: () => [...members].map(({ client }) => client),
  };
}

const sameFrame = (one: Buffer | null, other: Buffer | null): boolean =>
  one === other || (one !== null && other !== null && one.equals(other));
