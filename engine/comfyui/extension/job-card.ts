/** The card of one job: shows what its face says, its results as thumbnails, and the two things one can do about it. */
import type { JobOutput } from '../../../contract/jobs.ts';
import { make, setText } from './dom.ts';
import { elapsed, type JobFace } from './job-face.ts';
import { outputPath } from './stoker-api.ts';
import { WORDS } from './words.ts';

export interface JobCard {
  readonly element: HTMLElement;
  show(title: string, face: JobFace): void;
  showFiles(jobId: string, files: readonly JobOutput[]): void;
  /** Of an action that failed. */
  showProblem(text: string): void;
}

export interface JobCardActions {
  cancel(): void;
  retry(): void;
  close(): void;
}

export function createJobCard({ cancel, retry, close }: JobCardActions): JobCard {
  const headline = make('h2');
  const time = make('span', { class: 'quiet elapsed', 'aria-hidden': 'true' });
  const closeButton = make(
    'button',
    { class: 'close', type: 'button', 'aria-label': WORDS.close, onclick: close },
    '×',
  );
  const title = make('p', { class: 'quiet' });
  const details = make('div', { class: 'details' });
  const problem = make('div', { class: 'details', role: 'alert' });
  const bar = make('progress', { max: '1', hidden: true });
  const results = make('div', { class: 'results' });
  const cost = make('span', { class: 'quiet' });
  const retryButton = make('button', { type: 'button', onclick: retry }, WORDS.retry);
  const cancelButton = make('button', { type: 'button', onclick: cancel }, WORDS.cancel);
  const actions = make('div', { class: 'actions' }, cost, make('span', { class: 'spring' }), retryButton, cancelButton);
  const element = make(
    'article',
    { class: 'card' },
    make('header', {}, headline, time, closeButton),
    title,
    details,
    problem,
    bar,
    results,
    actions,
  );
  let since: number | null = null;

  function tick(): void {
    setText(time, since === null ? '' : elapsed(since, Date.now()));
    if (element.isConnected) setTimeout(tick, 1000);
  }
  // Not before it stands on the page.
  setTimeout(tick, 0);

  return {
    element,
    show(titleText, face) {
      element.dataset.tone = face.tone;
      setText(headline, face.headline);
      setText(title, titleText);
      const words = face.progress === null ? face.details : [...face.details, face.progress.words];
      if (details.textContent !== words.join('')) {
        details.replaceChildren(...words.map((text) => make('p', { class: 'quiet' }, text)));
      }
      problem.replaceChildren();
      since = face.since;
      setText(time, since === null ? '' : elapsed(since, Date.now()));
      bar.hidden = face.tone !== 'busy';
      bar.setAttribute('aria-label', face.headline);
      if (face.progress === null) bar.removeAttribute('value');
      else bar.value = face.progress.part;
      setText(cost, face.cost ?? '');
      cancelButton.hidden = !face.canCancel;
      retryButton.hidden = !face.canRetry;
    },
    showFiles(jobId, files) {
      results.replaceChildren(...files.map((file) => resultLink(jobId, file)));
    },
    showProblem(text) {
      problem.replaceChildren(make('p', {}, text));
    },
  };
}

function resultLink(jobId: string, { n, filename, type }: JobOutput): HTMLElement {
  const href = outputPath(jobId, n);
  const fields = { href, target: '_blank', rel: 'noopener', 'aria-label': WORDS.result(filename), title: filename };
  if (!type.startsWith('image/')) return make('a', { ...fields, class: 'file' }, filename);
  return make('a', fields, make('img', { src: href, alt: filename }));
}
