/**
 * What a person sees who opens ComfyUI while it does not run: the real phases of the start, how long it usually takes, what
 * went wrong if it does, and then ComfyUI itself at the same address. Starting it is not this page's business.
 */
import type { ServerResponse } from 'node:http';
import { MANAGER_PREFIX, MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { Status } from '../../contract/status.ts';
import { BOOT_PHASES, type BootPhase, type SupervisorState } from '../../contract/supervisor-state.ts';
import { scriptJson, sendPage } from './page-shell.ts';
import { WAKING_PAGE_SCRIPT } from './waking-page-script.ts';

/** The part of `GET /manager/status` the page shows, so that it is right before the first event. */
export type WakingSnapshot = Pick<Status, 'state' | 'boot' | 'retryAt' | 'error'>;

/**
 * 503, because ComfyUI is not there yet: a monitor, a script or a cache must not take this page for it. Browsers show it all
 * the same, and the reload that follows asks again.
 */
const STATUS = 503;
/** Before the first start nothing is learnt; most take 10 to 20 s. */
const GUESSED_START_SECONDS = 15;

const PHASE_TITLES: Record<BootPhase, string> = {
  launching: 'Starting the process',
  python: 'Loading Python',
  torch: 'Loading torch and finding the GPU',
  customNodes: 'Loading custom nodes',
  server: 'Opening the server',
};

/** @param expectedSeconds that a start takes; null when nothing is learnt yet */
export function sendWakingPage(
  response: ServerResponse,
  snapshot: WakingSnapshot,
  expectedSeconds: number | null,
): void {
  const retryAfterSeconds = Math.ceil(expectedSeconds ?? GUESSED_START_SECONDS);
  sendPage(response, {
    status: STATUS,
    title: 'Waking ComfyUI…',
    headers: { 'Retry-After': String(Math.max(1, retryAfterSeconds)) },
    head: '<noscript><meta http-equiv="refresh" content="5"></noscript>',
    body: BODY,
    script: `const snapshot = ${scriptJson(snapshot)};\n${WAKING_PAGE_SCRIPT}`,
  });
}

/** @param now epoch milliseconds */
export function wakingSnapshot(state: SupervisorState, expectedSeconds: number | null, now: number): WakingSnapshot {
  const boot =
    state.kind === 'starting'
      ? {
          phase: state.phase,
          detail: state.detail,
          elapsedSeconds: Math.max(0, (now - state.since) / 1000),
          expectedSeconds,
          attempt: state.attempt,
        }
      : null;
  return {
    state: state.kind,
    boot,
    retryAt: state.kind === 'backingOff' ? new Date(state.retryAt).toISOString() : null,
    error: state.kind === 'backingOff' || state.kind === 'failed' ? state.error : null,
  };
}

const phaseItems = BOOT_PHASES.map(
  (phase) => `<li data-phase="${phase}">${PHASE_TITLES[phase]}<span class="detail" hidden></span></li>`,
).join('\n');

const BODY = `<div class="heading"><span id="ember" class="ember lit"></span><h1 id="headline">Waking ComfyUI…</h1></div>
<div role="status"><p id="story" class="quiet">It was asleep to leave the graphics card free. Your page opens by itself as soon as it answers.</p></div>
<p id="countdown" class="quiet" hidden></p>
<section id="boot" aria-label="Start">
<ol class="phases">
${phaseItems}
</ol>
<progress id="bar" max="1" aria-label="Start of ComfyUI"></progress>
<div class="time quiet small"><span id="elapsed"></span><span id="expected"></span></div>
</section>
<section id="failure" class="failure" aria-label="Why it failed" hidden>
<p id="reason"></p>
<p id="suspect" hidden></p>
<p class="quiet small">Code <code id="code"></code></p>
</section>
<section id="log" aria-label="Last log lines" hidden>
<h2>Last lines of ComfyUI</h2>
<pre id="tail" tabindex="0"></pre>
</section>
<div class="actions">
<button id="again" class="primary" hidden>Try again</button>
<button id="bare" hidden>Start without custom nodes</button>
<a id="settings" class="button" href="${MANAGER_ROUTES.settings}" hidden>Settings</a>
<a class="button" href="${MANAGER_PREFIX}">Dashboard</a>
<a href="${MANAGER_ROUTES.logs}">Log</a>
</div>
<noscript><p>This page looks again every five seconds.</p></noscript>`;
