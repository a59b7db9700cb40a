/** The card that asks on which endpoint, with what each costs. Enter takes the marked one, Escape none. */
import type { JobCheck } from '../../../contract/job-check.ts';
import { checkLines } from './check-lines.ts';
import { make } from './dom.ts';
import type { EndpointOption } from './endpoint-choice.ts';
import type { Overlay } from './overlay.ts';
import { WORDS } from './words.ts';

/** A dry run on the endpoint of that name. */
export type CheckOf = (endpoint: string) => Promise<JobCheck>;

/** Resolves with null when the user wants none. What the dry run says is added to each row when it comes. */
export function pickEndpoint(
  overlay: Overlay,
  options: readonly EndpointOption[],
  preselected: string,
  check: CheckOf,
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
    const rows = options.map((option, at) => optionRow(option, radios[at]));
    const form = make(
      'form',
      { class: 'card', 'data-tone': 'busy' },
      make('header', {}, make('h2', { id: 'pick' }, WORDS.pickTitle)),
      make('fieldset', { 'aria-labelledby': 'pick' }, ...rows),
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
      const option = options.find(({ name }) => name === chosen);
      // The dry run may have taken the mark away meanwhile.
      if (option !== undefined) answer(option);
    });
    form.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') answer(null);
    });
    overlay.add(form);
    for (const [at, { name, blocked }] of options.entries()) {
      if (blocked === null) void tellCheck(check(name), rows[at], radios[at]);
    }
    radios.find(({ checked }) => checked)?.focus();
  });
}

/** Without an answer the row says what it said before. */
async function tellCheck(
  check: Promise<JobCheck>,
  row: HTMLElement | undefined,
  radio: HTMLInputElement | undefined,
): Promise<void> {
  const told = await check.then(checkLines, () => null);
  if (told === null) return;
  row?.append(...told.lines.map((line) => make('span', { class: 'quiet' }, line)));
  if (radio === undefined || !told.blocked) return;
  radio.disabled = true;
  radio.checked = false;
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
