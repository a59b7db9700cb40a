/** The card that asks on which endpoint, with what each costs. Enter takes the marked one, Escape none. */
import { make } from './dom.ts';
import type { EndpointOption } from './endpoint-choice.ts';
import type { Overlay } from './overlay.ts';
import { WORDS } from './words.ts';

/** Resolves with null when the user wants none. */
export function pickEndpoint(
  overlay: Overlay,
  options: readonly EndpointOption[],
  preselected: string,
): Promise<EndpointOption | null> {
  return new Promise((resolve) => {
    const radios = options.map(({ name, blocked }) =>
      make('input', {
        type: 'radio',
        name: 'endpoint',
        value: name,
        checked: name === preselected,
        disabled: blocked !== null,
      }),
    );
    const form = make(
      'form',
      { class: 'card', 'data-tone': 'busy' },
      make('header', {}, make('h2', { id: 'pick' }, WORDS.pickTitle)),
      make('fieldset', { 'aria-labelledby': 'pick' }, ...options.map((option, at) => optionRow(option, radios[at]))),
      make(
        'div',
        { class: 'actions' },
        make('button', { class: 'primary' }, WORDS.queue),
        make('button', { type: 'button', onclick: () => answer(null) }, WORDS.notNow),
      ),
    );
    function answer(picked: EndpointOption | null): void {
      overlay.remove(form);
      resolve(picked);
    }
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const chosen = radios.find(({ checked }) => checked)?.value;
      answer(options.find(({ name }) => name === chosen) ?? null);
    });
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') answer(null);
    });
    overlay.add(form);
    radios.find(({ checked }) => checked)?.focus();
  });
}

function optionRow({ name, price, blocked, remark }: EndpointOption, radio: HTMLInputElement | undefined): HTMLElement {
  const words = [price, ...(blocked === null ? [] : [blocked]), ...(remark === null ? [] : [remark])];
  return make(
    'label',
    { class: 'option' },
    ...(radio === undefined ? [] : [radio]),
    make('span', {}, name),
    ...words.map((text) => make('span', { class: 'quiet' }, text)),
  );
}
