/**
 * What an extension finds here: registerExtension, toasts, a sidebar tab, buttons beside Run, and the prompt of the form.
 * The part of ComfyUI's own interface that modules added by a server rely on; the rest of it does not exist.
 */

import { api } from './api.js';

const byId = (id) => document.getElementById(id);

function showToast({ severity = 'info', summary = '', detail = '', life = 4000 }) {
  const toast = document.createElement('div');
  toast.dataset.severity = severity;
  const title = document.createElement('strong');
  title.textContent = summary;
  toast.append(title, document.createElement('br'), detail);
  byId('toasts').append(toast);
  setTimeout(() => toast.remove(), life);
}

function showSidebarTab({ title, render }) {
  const sidebar = byId('sidebar');
  const section = document.createElement('section');
  const heading = document.createElement('h2');
  const content = document.createElement('div');
  heading.textContent = title;
  section.append(heading, content);
  sidebar.append(section);
  sidebar.hidden = false;
  render?.(content);
}

function showButton({ label, tooltip, onClick }) {
  const button = document.createElement('button');
  button.type = 'button';
  button.textContent = label ?? tooltip;
  button.title = tooltip ?? '';
  button.addEventListener('click', () => onClick?.());
  byId('actions').append(button);
}

function showBadge({ text, label }) {
  const badge = document.createElement('span');
  badge.textContent = [label, text].filter(Boolean).join(' ');
  byId('badges').append(badge);
}

export const app = {
  api,
  extensions: [],
  commands: new Map(),
  /** Set by the page: the settings of the user. */
  settings: {},
  /** Set by the page: the prompt that Run would submit now. */
  currentPrompt: () => ({}),
  extensionManager: {
    toast: { add: showToast },
    registerSidebarTab: showSidebarTab,
    setting: { get: (id) => app.settings[id] },
  },
  async registerExtension(extension) {
    this.extensions.push(extension);
    for (const command of extension.commands ?? []) this.commands.set(command.id, command);
    for (const button of extension.actionBarButtons ?? []) showButton(button);
    for (const badge of extension.topbarBadges ?? []) showBadge(badge);
    await extension.init?.(this);
    await extension.setup?.(this);
  },
  async graphToPrompt() {
    const output = this.currentPrompt();
    return { workflow: { nodes: [], links: [], version: 0.4, extra: { simulated: true } }, output };
  },
};
