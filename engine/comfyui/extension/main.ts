/**
 * Stoker in ComfyUI's page: *Queue on RunPod* as a button, a command and a key, the cards that follow what was queued, and how ComfyUI sleeps
 * and wakes. The gateway adds this script to the page; nothing of it lies in the user's installation.
 */
import { app } from 'comfyui/scripts/app.js';
import { chooseEndpoint, type EndpointOption } from './endpoint-choice.ts';
import { type CheckOf, pickEndpoint } from './endpoint-picker.ts';
import type { JobNow } from './job-face.ts';
import { createJobFollower } from './job-follower.ts';
import { createNoticeCard, type Notice, stokerLink } from './notice-card.ts';
import { createOverlay, type Overlay } from './overlay.ts';
import { takePrompt } from './page-prompt.ts';
import { remembered } from './remembered.ts';
import { keepRunButton } from './run-button.ts';
import { createShownJobs, type ShownJobs } from './shown-jobs.ts';
import { createBadge } from './sleep/badge.ts';
import { browserTurns } from './sleep/browser-turns.ts';
import { createChangeNotice } from './sleep/change-notice.ts';
import { createSleepCommands, type SleepCommands } from './sleep/commands.ts';
import { followStatus } from './sleep/live-status.ts';
import { watchRuns } from './sleep/run-wait.ts';
import { ENDPOINTS_PAGE, eventsPath, stoker, Trouble } from './stoker-api.ts';
import { speakAs, WORDS } from './words.ts';

const COMMAND = 'Stoker.QueueOnRunPod';
const SLEEP = 'Stoker.SleepNow';
const KEEP_AWAKE = 'Stoker.KeepAwake';
const ICON = 'pi pi-cloud-upload';

let stage: { readonly overlay: Overlay; readonly jobs: ShownJobs; readonly sleep: SleepCommands } | null = null;
let queueing = false;

async function queueOnRunpod(): Promise<void> {
  // A second press while the first is under way is a double click.
  if (stage === null || queueing) return;
  const { overlay, jobs } = stage;
  queueing = true;
  try {
    const { workflow, extraData, title, queued } = await takePrompt(app);
    const option = await endpointFor(overlay, (target) => stoker.check({ workflow, target }));
    if (option === null) return;
    overlay.say(WORDS.sent(option.name));
    const { id } = await stoker.submit({
      workflow,
      target: option.name,
      extra_data: extraData,
      ...(title === null ? {} : { title }),
    });
    queued();
    jobs.show(id, option.name, option.mostMicroDollars);
  } catch (error) {
    const { message, next } = error instanceof Trouble ? error : { message: String(error), next: '' };
    tell(overlay, { tone: 'bad', headline: message, lines: [next] });
  } finally {
    queueing = false;
  }
}

async function endpointFor(overlay: Overlay, check: CheckOf): Promise<EndpointOption | null> {
  const choice = chooseEndpoint(await stoker.endpoints(), remembered.endpoint());
  switch (choice.kind) {
    case 'none':
      tell(overlay, {
        tone: 'bad',
        headline: WORDS.noEndpoint,
        lines: [WORDS.noEndpointNext],
        actions: [stokerLink(ENDPOINTS_PAGE)],
      });
      return null;
    case 'blocked':
      tell(overlay, {
        tone: 'bad',
        headline: WORDS.noUsableEndpoint,
        lines: choice.reasons,
        actions: [stokerLink(ENDPOINTS_PAGE)],
      });
      return null;
    case 'use':
      return choice.option;
    case 'pick': {
      const picked = await pickEndpoint(overlay, choice.options, choice.preselected, check);
      if (picked !== null) remembered.setEndpoint(picked.name);
      return picked;
    }
  }
}

/** The one notice: a newer one takes its place. */
let notice: HTMLElement | null = null;
function tell(overlay: Overlay, words: Notice): void {
  if (notice !== null) overlay.remove(notice);
  const card = createNoticeCard(words, () => overlay.remove(card));
  notice = card;
  overlay.add(card);
  overlay.say([words.headline, ...words.lines].join(' '));
}

function openStream(id: string, told: (job: JobNow) => void, lost: () => void): () => void {
  const stream = new EventSource(eventsPath(id));
  stream.addEventListener('job', (event: MessageEvent<string>) => told(JSON.parse(event.data) as JobNow));
  stream.addEventListener('error', () => {
    // What is not closed connects again by itself.
    if (stream.readyState === EventSource.CLOSED) lost();
  });
  return () => stream.close();
}

async function look(id: string): Promise<JobNow | null> {
  try {
    return await stoker.job(id);
  } catch (error) {
    if (error instanceof Trouble && error.status === 404) return null;
    throw error;
  }
}

speakAs(app, navigator.languages);

app.registerExtension({
  name: 'Stoker',
  commands: [
    { id: COMMAND, label: WORDS.queueOnRunpod, icon: ICON, function: () => void queueOnRunpod() },
    { id: SLEEP, label: WORDS.sleepNow, icon: 'pi pi-moon', function: () => void stage?.sleep.sleepNow() },
    { id: KEEP_AWAKE, label: WORDS.keepAwake, icon: 'pi pi-sun', function: () => void stage?.sleep.keepAwake() },
  ],
  menuCommands: [{ path: ['Stoker'], commands: [COMMAND, SLEEP, KEEP_AWAKE] }],
  // The page has Ctrl, Ctrl+Shift and Ctrl+Alt with Enter for itself, and few with Alt+Shift.
  keybindings: [
    { combo: { key: 'Enter', alt: true, shift: true }, commandId: COMMAND },
    { combo: { key: 's', alt: true, shift: true }, commandId: SLEEP },
    { combo: { key: 'k', alt: true, shift: true }, commandId: KEEP_AWAKE },
  ],
  actionBarButtons: [
    { icon: ICON, label: WORDS.queueOnRunpod, tooltip: WORDS.queueTooltip, onClick: () => void queueOnRunpod() },
  ],
  setup() {
    const overlay = createOverlay();
    const follower = createJobFollower({ openStream, look, after: (ms, then) => void setTimeout(then, ms) });
    const jobs = createShownJobs(overlay, follower);
    stage = { overlay, jobs, sleep: createSleepCommands(overlay) };
    for (const { id, mostMicroDollars } of remembered.jobs()) jobs.show(id, null, mostMicroDollars);
    keepRunButton(WORDS.queueOnRunpod, WORDS.queueTooltip, () => void queueOnRunpod());
    const lookers = [createBadge(overlay), watchRuns(app.api, overlay), createChangeNotice(overlay)];
    followStatus(browserTurns, (seen) => {
      for (const { show } of lookers) show(seen);
    });
  },
});
