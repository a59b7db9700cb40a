/** A ComfyUI tab without a browser: one WebSocket that speaks as the page does, and records everything that happens to it. */
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import type { Workflow } from './workflows.ts';

export interface TabMessage {
  readonly type: string;
  readonly data: Record<string, unknown>;
}

export interface ComfyTab {
  readonly clientId: string;
  readonly messages: TabMessage[];
  /** Close events seen: the page would show 'Reconnecting…' for each. */
  closes(): number;
  /** Resolves with the first message from `from` on that `wanted` accepts. */
  next(wanted: (message: TabMessage) => boolean, from?: number): Promise<TabMessage>;
  queue(workflow: Workflow): Promise<{ status: number; promptId: string; body: Record<string, unknown> }>;
  close(): void;
}

/** @param url `http://host:port` of the gateway (or of ComfyUI itself) */
export async function openTab(url: string): Promise<ComfyTab> {
  const clientId = randomUUID().replaceAll('-', '');
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?clientId=${clientId}`, { origin: url });
  const messages: TabMessage[] = [];
  const waiting = new Set<() => void>();
  let closes = 0;

  socket.on('message', (data, binary) => {
    if (binary) return;
    messages.push(JSON.parse(String(data)) as TabMessage);
    for (const check of [...waiting]) check();
  });
  socket.on('close', () => {
    closes += 1;
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', () => resolve());
    socket.once('error', reject);
  });
  socket.send(JSON.stringify({ type: 'feature_flags', data: { supports_preview_metadata: true } }));

  return {
    clientId,
    messages,
    closes: () => closes,
    next(wanted, from = 0) {
      return new Promise((resolve) => {
        const check = (): void => {
          const found = messages.slice(from).find(wanted);
          if (found === undefined) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      });
    },
    async queue(prompt) {
      const answer = await fetch(`${url}/api/prompt`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ client_id: clientId, prompt }),
      });
      const body = (await answer.json()) as Record<string, unknown>;
      return { status: answer.status, promptId: String(body.prompt_id), body };
    },
    close: () => socket.close(),
  };
}
