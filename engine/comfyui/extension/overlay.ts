/**
 * The corner where cards stand: never modal, never in the way of the canvas, spoken politely. Lives in a shadow tree, so that neither the
 * page's style nor its custom nodes' changes it. What the cards say is theirs.
 */
import { make, setText } from './dom.ts';
import { OVERLAY_STYLE } from './overlay-style.ts';
import { WORDS } from './words.ts';

export interface Overlay {
  /** The newest stands lowest, nearest to the corner. */
  add(card: HTMLElement): void;
  /** Takes a card away; the focus goes back to where it came from. */
  remove(card: HTMLElement): void;
  /** Takes it away some visible seconds later, unless somebody points at it or is in it. @returns what keeps it */
  fade(card: HTMLElement, seconds: number, gone: () => void): () => void;
  /** For a screen reader. */
  say(text: string): void;
  /** Beside the cards, where it stands by its own style. */
  place(element: HTMLElement): void;
}

const FADE_MS = 400;

export function createOverlay(): Overlay {
  const host = make('div', { id: 'stoker-overlay' });
  const root = host.attachShadow({ mode: 'open' });
  const style = make('style');
  style.textContent = OVERLAY_STYLE;
  const spoken = make('div', { class: 'spoken', 'aria-live': 'polite' });
  const stack = make('section', { class: 'stack', 'aria-label': WORDS.cards });
  root.append(style, stack, spoken);
  document.body.append(host);
  // What is typed here is not for the page's key bindings.
  host.addEventListener('keydown', (event) => event.stopPropagation());

  const fading = new Map<HTMLElement, { left: number; readonly gone: () => void }>();
  const cameFrom = new WeakMap<HTMLElement, Element | null>();

  function remove(card: HTMLElement): void {
    fading.delete(card);
    const hadFocus = card.contains(root.activeElement);
    card.remove();
    const before = cameFrom.get(card);
    if (hadFocus && before instanceof HTMLElement) before.focus();
  }

  setInterval(() => {
    if (document.visibilityState === 'hidden') return;
    for (const [card, entry] of fading) {
      if (card.matches(':hover') || card.contains(root.activeElement)) continue;
      entry.left -= 1;
      card.classList.toggle('leaving', entry.left <= 0);
      if (entry.left > 0) continue;
      fading.delete(card);
      setTimeout(() => {
        remove(card);
        entry.gone();
      }, FADE_MS);
    }
  }, 1000);

  return {
    add(card) {
      cameFrom.set(card, document.activeElement);
      stack.append(card);
      stack.scrollTop = stack.scrollHeight;
    },
    remove,
    fade(card, seconds, gone) {
      fading.set(card, { left: seconds, gone });
      return () => fading.delete(card);
    },
    say: (text) => setText(spoken, text),
    place: (element) => root.insertBefore(element, spoken),
  };
}
