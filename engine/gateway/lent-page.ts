/** What a person sees who opens ComfyUI while the card is lent: who has it, until when, and a button that takes it back. */
import type { ServerResponse } from 'node:http';
import { MANAGER_PREFIX, MANAGER_ROUTES } from '../../contract/manager-api.ts';
import type { AppError } from '../platform/app-error.ts';
import { escapeHtml, sendPage } from './page-shell.ts';

/** Why ComfyUI may not be woken. */
export interface CardLent {
  /** `card_lent`, in words. */
  readonly error: AppError;
  /** Epoch milliseconds; null when it is not known. */
  readonly backAt: number | null;
}

/** @param retryAfterSeconds null when nobody knows */
export function sendLentPage(response: ServerResponse, { error }: CardLent, retryAfterSeconds: number | null): void {
  sendPage(response, {
    status: error.status,
    title: 'ComfyUI is paused',
    headers: retryAfterSeconds === null ? {} : { 'Retry-After': String(retryAfterSeconds) },
    head: '<noscript><meta http-equiv="refresh" content="15"></noscript>',
    body: `<div class="heading"><span class="ember"></span><h1>The graphics card is given away</h1></div>
<div role="status"><p>${escapeHtml(error.message)}</p></div>
<p class="quiet">Prompts that waited are kept. This page opens ComfyUI by itself when the card is back.</p>
<p id="problem" class="failure" role="alert" hidden></p>
<div class="actions">
<button id="resume" class="primary">Resume now</button>
<a class="button" href="${MANAGER_PREFIX}">Dashboard</a>
</div>
<noscript><p>Resuming needs scripts; the dashboard and "stoker resume" do it too.</p></noscript>`,
    script: SCRIPT,
  });
}

/** Follows the same events as the waking page; a stream that breaks connects again by itself. */
const SCRIPT = `
const button = document.getElementById('resume');
const problem = document.getElementById('problem');
button.addEventListener('click', async () => {
  button.disabled = true;
  try {
    const answer = await fetch('${MANAGER_ROUTES.resume}', { method: 'POST' });
    if (!answer.ok) throw new Error((await answer.json()).error.message);
    location.reload();
  } catch (error) {
    problem.textContent = error.message;
    problem.hidden = false;
    button.disabled = false;
  }
});
const events = new EventSource('${MANAGER_ROUTES.events}?topics=status');
events.addEventListener('status', (event) => {
  if (JSON.parse(event.data).courtesy.state !== 'none') return;
  events.close();
  location.reload();
});
`;
