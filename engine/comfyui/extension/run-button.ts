/**
 * The button beside *Run* for frontends without `actionBarButtons` (1.27.10): puts it there, and again whenever the page has drawn its bar
 * anew. Where the page made the button itself, this one goes.
 */
import { make } from './dom.ts';

const LOOK_MS = 300;

/** @param tooltip also the name by which the page's own button is known */
export function keepRunButton(label: string, tooltip: string, press: () => void): void {
  const button = make(
    'button',
    { id: 'stoker-run', type: 'button', 'aria-label': tooltip, title: tooltip, onclick: press },
    make('i', { class: 'pi pi-cloud-upload', 'aria-hidden': 'true' }),
    label,
  );
  // The page's own variables; it has no class for a button that is not of its framework.
  button.style.cssText =
    'display:inline-flex;align-items:center;gap:6px;white-space:nowrap;margin:0 8px;padding:4px 10px;border-radius:6px;cursor:pointer;' +
    'font-size:13px;color:var(--fg-color);background:var(--comfy-input-bg);border:1px solid var(--border-color)';

  function place(): void {
    const name = CSS.escape(tooltip);
    const isOffered =
      document.querySelector(`button:is([title="${name}"],[aria-label="${name}"]):not(#stoker-run)`) !== null;
    const run = document.querySelector('[data-testid="queue-button"]');
    if (isOffered) button.remove();
    else if (run?.parentElement && button.parentElement !== run.parentElement) run.parentElement.append(button);
  }

  let waiting = false;
  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    setTimeout(() => {
      waiting = false;
      place();
    }, LOOK_MS);
  }).observe(document.body, { childList: true, subtree: true });
  place();
}
