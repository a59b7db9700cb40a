/** The page: the form, the result, and the requests a ComfyUI page makes when it opens, in its order. */
import { api } from '../scripts/api.js';
import { app } from '../scripts/app.js';
import { workflows } from './workflows.js';

const frontendVersion = '1.27.10';
const byId = (id) => document.getElementById(id);
const form = byId('form');
let runningId;
let previewUrl;

const say = (text) => {
  byId('status').textContent = text;
};

function chosenPrompt() {
  const workflow = workflows.find(({ id }) => id === byId('workflow').value) ?? workflows[0];
  const colour = Number.parseInt(byId('colour').value.slice(1), 16);
  return workflow.build({ colour, seconds: Number(byId('seconds').value) });
}

function showPicture(url, description) {
  if (previewUrl) URL.revokeObjectURL(previewUrl);
  previewUrl = url.startsWith('blob:') ? url : undefined;
  const picture = byId('picture');
  picture.src = url;
  picture.alt = description;
  picture.hidden = false;
  byId('empty').hidden = true;
}

function showProgress(value) {
  byId('progress').hidden = value === undefined;
  if (value !== undefined) byId('progress').value = value;
}

async function refreshQueue() {
  const [queue] = await Promise.all([api.read('/queue'), api.read('/history?max_items=64')]);
  if (queue) byId('queue').textContent = String(queue.queue_running.length + queue.queue_pending.length);
}

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const { output, workflow } = await app.graphToPrompt();
  say('Waiting…');
  try {
    runningId = (await api.queuePrompt(0, { output, workflow })).prompt_id;
  } catch (error) {
    say(error.response?.error?.message ?? error.message);
  }
  await refreshQueue();
});
byId('interrupt').addEventListener('click', () => api.write('/interrupt', runningId ? { prompt_id: runningId } : {}));

const connection = (state, text) => {
  byId('connection').dataset.state = state;
  byId('connection').textContent = text;
  byId('reconnecting').hidden = state !== 'closed';
};
api.addEventListener('connected', () => connection('connected', 'Connected'));
api.addEventListener('reconnected', () => {
  connection('connected', 'Connected');
  refreshQueue();
});
api.addEventListener('reconnecting', () => {
  connection('closed', 'Reconnecting…');
  refreshQueue();
});
api.addEventListener('status', ({ detail }) => {
  if (detail) byId('queue').textContent = String(detail.exec_info.queue_remaining);
});
api.addEventListener('execution_start', () => {
  say('Running…');
  showProgress(0);
});
api.addEventListener('progress_state', ({ detail }) => {
  const nodes = Object.values(detail.nodes);
  const running = nodes.find(({ state }) => state === 'running');
  if (running) showProgress(running.value / running.max);
});
api.addEventListener('b_preview', ({ detail }) => showPicture(URL.createObjectURL(detail), 'Preview'));
api.addEventListener('executed', ({ detail }) => {
  const image = detail.output?.images?.[0];
  if (!image) return;
  const query = new URLSearchParams({ ...image, rand: String(Math.random()) });
  showPicture(api.apiURL(`/view?${query}`), image.filename);
});
const ended = (text) => () => {
  showProgress(undefined);
  say(text);
  api.read('/history?max_items=64');
};
api.addEventListener('execution_success', ended('Done.'));
api.addEventListener('execution_interrupted', ended('Cancelled.'));
api.addEventListener('execution_error', ({ detail }) => ended(`Failed: ${detail.exception_message.trim()}`)());

byId('workflow').append(...workflows.map(({ id, title }) => new Option(title, id)));
const describe = () => {
  const { about, takesSeconds } = workflows.find(({ id }) => id === byId('workflow').value) ?? workflows[0];
  byId('about').textContent = about;
  byId('duration').hidden = !takesSeconds;
};
byId('workflow').addEventListener('change', describe);
describe();
app.currentPrompt = chosenPrompt;

async function open() {
  const stats = await api.read('/system_stats');
  const device = stats?.devices[0];
  if (device) byId('device').textContent = device.name;
  await api.read('/users');
  await api.read('/i18n');
  const settings = (await api.read('/settings')) ?? {};
  app.settings = settings;
  const installed = 'Comfy.InstalledVersion';
  if (!(installed in settings)) await api.write(`/settings/${installed}`, frontendVersion);
  await api.read('/userdata?dir=workflows&recurse=true&split=false&full_info=true');
  await api.read('/userdata?dir=subgraphs%2F&recurse=true&split=false&full_info=true');
  const modules = (await api.read('/extensions')) ?? [];
  await Promise.all(modules.map((module) => import(api.fileURL(module)).catch((error) => console.error(error))));
  api.init();
  const nodes = await api.read('/object_info');
  if (nodes) byId('nodes').textContent = String(Object.keys(nodes).length);
  await refreshQueue();
  await api.read('/userdata/comfy.templates.json');
  const tutorial = 'Comfy.TutorialCompleted';
  if (!(tutorial in settings)) await api.write(`/settings/${tutorial}`, true);
  await api.read('/workflow_templates');
  await api.read('/experiment/models');
}

open();
