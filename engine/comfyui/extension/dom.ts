/** Small elements made in one expression. */

/** @param fields attributes; an `on…` function listens */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  fields: Readonly<Record<string, string | boolean | (() => void)>> = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children);
  return element;
}

/** So that what is in it, a focused button above all, stays when nothing has changed. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
