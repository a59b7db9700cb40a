/**
 * The script of the waking page, run by the browser: shows each `status` event of /manager/events and opens ComfyUI when it
 * runs. Plain text here, because it must reach the browser without a build; `snapshot` is defined before it.
 */
import { ERROR_CODES, type ErrorCode } from '../../contract/errors.ts';
import { MANAGER_ROUTES } from '../../contract/manager-api.ts';
import { BOOT_PHASES } from '../../contract/supervisor-state.ts';

const NEXT_STEPS = Object.fromEntries(Object.entries(ERROR_CODES).map(([code, { next }]) => [code, next]));

/** What a change of settings puts right. */
const SETTINGS_HELP: readonly ErrorCode[] = [
  'not_configured',
  'command_not_found',
  'folder_invalid',
  'python_missing',
  'start_timeout',
];

export const WAKING_PAGE_SCRIPT = `
const phases = ${JSON.stringify(BOOT_PHASES)};
const nextSteps = ${JSON.stringify(NEXT_STEPS)};
const settingsHelp = ${JSON.stringify(SETTINGS_HELP)};
const $ = (id) => document.getElementById(id);
let shown = snapshot;
let shownAt = performance.now();
let opening = false;

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function headline() {
  if (opening) return 'ComfyUI is awake';
  switch (shown.state) {
    case 'starting': return shown.boot.attempt > 1 ? 'Starting ComfyUI again…' : 'Waking ComfyUI…';
    case 'stopping': return 'ComfyUI is just going to sleep…';
    case 'backingOff': return 'ComfyUI crashed';
    case 'failed': return 'ComfyUI did not start';
    default: return 'ComfyUI is asleep';
  }
}

function story() {
  if (opening) return 'Opening it now.';
  switch (shown.state) {
    case 'starting': return phaseStory();
    case 'stopping': return 'It is woken again as soon as it has ended.';
    case 'backingOff': return 'Stoker starts it again by itself.';
    case 'failed': return nextSteps[shown.error.code] || 'Read the log, then try again.';
    default: return 'Press the button to start it.';
  }
}

function phaseStory() {
  const item = document.querySelector('[data-phase="' + shown.boot.phase + '"]');
  const title = item ? item.firstChild.textContent : 'Starting';
  return title + (shown.boot.detail ? ': ' + shown.boot.detail : '') + '. Your page opens by itself as soon as ComfyUI answers.';
}

function showPhases() {
  const current = shown.boot ? phases.indexOf(shown.boot.phase) : opening ? phases.length : -1;
  document.querySelectorAll('[data-phase]').forEach((item, index) => {
    item.dataset.state = index < current ? 'done' : '';
    if (index === current) item.setAttribute('aria-current', 'step');
    else item.removeAttribute('aria-current');
    const detail = item.querySelector('.detail');
    const text = index === current && shown.boot && shown.boot.detail ? shown.boot.detail : '';
    setText(detail, text);
    detail.hidden = text === '';
  });
}

function showFailure() {
  const error = opening ? null : shown.error;
  $('failure').hidden = !error;
  $('log').hidden = !error || error.logTail.length === 0;
  if (!error) return;
  setText($('reason'), error.message);
  setText($('suspect'), error.suspect ? 'Last seen: ' + error.suspect : '');
  $('suspect').hidden = !error.suspect;
  setText($('code'), error.code);
  const tail = error.logTail.join('\\n');
  if ($('tail').textContent !== tail) {
    setText($('tail'), tail);
    $('tail').scrollTop = $('tail').scrollHeight;
  }
}

function show() {
  const title = headline();
  document.title = title;
  setText($('headline'), title);
  setText($('story'), story());
  $('ember').className = 'ember ' + (shown.state === 'failed' || shown.state === 'backingOff' ? 'bad' : shown.state === 'stopped' ? 'out' : 'lit');
  $('boot').hidden = !opening && shown.state !== 'starting' && shown.state !== 'stopping';
  showPhases();
  showFailure();
  const settled = shown.state === 'failed' || shown.state === 'stopped' || shown.state === 'backingOff';
  $('again').hidden = opening || !settled;
  setText($('again'), shown.state === 'stopped' ? 'Wake ComfyUI' : shown.state === 'backingOff' ? 'Start now' : 'Try again');
  $('settings').hidden = opening || !(shown.error && settingsHelp.includes(shown.error.code));
  $('bare').hidden = opening || !(shown.error && shown.error.offerWithoutCustomNodes);
  showTime();
}

function showTime() {
  const since = (performance.now() - shownAt) / 1000;
  const bar = $('bar');
  const left = shown.state === 'backingOff' && shown.retryAt ? Math.ceil((Date.parse(shown.retryAt) - Date.now()) / 1000) : 0;
  $('countdown').hidden = left <= 0;
  setText($('countdown'), left > 0 ? 'Next try in ' + left + ' s.' : '');
  if (opening) bar.value = 1;
  else if (!shown.boot) bar.removeAttribute('value');
  else {
    const elapsed = shown.boot.elapsedSeconds + since;
    const expected = shown.boot.expectedSeconds;
    setText($('elapsed'), Math.floor(elapsed) + ' s');
    setText($('expected'), expected ? (elapsed > expected ? 'longer than usual (' : 'usually ') + Math.round(expected) + ' s' + (elapsed > expected ? ')' : '') : 'first start: 10 to 20 s on most computers');
    if (expected) bar.value = Math.min(0.97, elapsed / expected);
    else bar.removeAttribute('value');
  }
}

function accept(status) {
  shown = status;
  shownAt = performance.now();
  if (status.state === 'running' && !opening) {
    opening = true;
    show();
    // The same address again, with its query and its hash: now ComfyUI answers.
    location.reload();
    return;
  }
  show();
}

let lostSince = null;
function listen() {
  const events = new EventSource(${JSON.stringify(`${MANAGER_ROUTES.events}?topics=status`)});
  events.addEventListener('status', (event) => {
    lostSince = null;
    accept(JSON.parse(event.data));
  });
  events.onerror = () => {
    if (opening) return;
    lostSince = lostSince || performance.now();
    if (performance.now() - lostSince > 2000) setText($('story'), 'Stoker itself does not answer at the moment. This page keeps trying.');
    if (events.readyState === EventSource.CLOSED) setTimeout(listen, 2000);
  };
}

async function start(body) {
  $('again').disabled = $('bare').disabled = true;
  try {
    await fetch(${JSON.stringify(MANAGER_ROUTES.start)}, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  } catch {
    setText($('story'), 'Stoker itself does not answer at the moment. This page keeps trying.');
  } finally {
    $('again').disabled = $('bare').disabled = false;
  }
}

$('again').addEventListener('click', () => start({}));
$('bare').addEventListener('click', () => start({ withoutCustomNodes: true }));
show();
setInterval(showTime, 250);
listen();
`;
