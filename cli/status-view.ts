/** The status as a small table for a terminal. Pure: status and time in, lines out. */
import type { GpuReading } from '../contract/gpu.ts';
import type { Blocker, Status } from '../contract/status.ts';
import { bootWords } from './boot-words.ts';
import { formatDuration, formatGigabytes, formatMoment } from './format.ts';
import type { Style } from './output.ts';

export type Paint = (style: Style, text: string) => string;

const STATES: Record<Status['state'], readonly [string, Style]> = {
  stopped: ['asleep', 'dim'],
  starting: ['starting', 'yellow'],
  running: ['running', 'green'],
  stopping: ['stopping', 'yellow'],
  backingOff: ['crashed', 'red'],
  failed: ['failed', 'red'],
};

const BLOCKERS: Record<Blocker, string> = {
  running: 'a prompt runs',
  pending: 'prompts wait',
  held: 'requests wait for it',
  upload: 'an upload is in flight',
  download: 'a download is in flight',
  request: 'a request is being answered',
  keepAwake: 'you asked to keep it awake',
  queueUnknown: 'it does not say whether it has work',
};

const FAILURE_LOG_LINES = 8;

/** @param now epoch milliseconds */
export function statusLines(status: Status, now: number, paint: Paint): string[] {
  const rows: (readonly [string, string])[] = [
    ['ComfyUI', stateWords(status, now, paint)],
    ['', status.reason],
    ...details(status, now).map((line) => ['', line] as const),
    ['Idle', idleWords(status, now)],
    ['Queue', queueWords(status)],
    ...gpuRows(status),
    ['Address', addressWords(status.gateway)],
    ['Engine', engineWords(status, now)],
  ];
  const width = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.map(([label, text]) => `${paint('bold', label.padEnd(width))}${text}`.trimEnd());
}

function stateWords(status: Status, now: number, paint: Paint): string {
  const [word, style] = STATES[status.state];
  const version = status.installation.comfyuiVersion;
  const facts = [
    `for ${formatDuration((now - Date.parse(status.since)) / 1000)}`,
    ...(status.pid === null ? [] : [`pid ${status.pid}`]),
    ...(status.port === null ? [] : [`private port ${status.port}`]),
    ...(version === null ? [] : [`version ${version}`]),
  ];
  return `${paint(style, word)} ${facts.join(', ')}`;
}

function details(status: Status, now: number): string[] {
  const lines: string[] = [];
  if (status.boot !== null) lines.push(bootWords(status.boot));
  if (status.retryAt !== null) {
    lines.push(`next try in ${formatDuration((Date.parse(status.retryAt) - now) / 1000)}`);
  }
  if (status.error !== null) {
    if (status.error.suspect !== null) lines.push(`suspect: ${status.error.suspect}`);
    if (status.error.offerWithoutCustomNodes) lines.push('try "stoker start --without-custom-nodes"');
    lines.push(...status.error.logTail.slice(-FAILURE_LOG_LINES).map((line) => `| ${line}`));
  }
  if (!status.installation.configured) lines.push('no ComfyUI is set up: choose its folder on the settings page');
  return lines;
}

function idleWords({ state, idle }: Status, now: number): string {
  if (idle.stopWhenDone && state === 'running') return 'stops when the queue is done';
  if (idle.keepAwakeUntil !== null) return `kept awake until ${formatMoment(idle.keepAwakeUntil, now)}`;
  if (idle.timeoutSeconds === 0) return 'never sleeps by itself (idle.stopAfterSeconds is 0)';
  const after = `after ${formatDuration(idle.timeoutSeconds)} without work`;
  if (state !== 'running') return `sleeps ${after}`;
  if (idle.blockedBy.length > 0) return `awake: ${idle.blockedBy.map((blocker) => BLOCKERS[blocker]).join(', ')}`;
  if (idle.stopsAt === null) return `sleeps ${after}`;
  const freed = idle.freed ? ', VRAM is freed' : '';
  return `sleeps in ${formatDuration((Date.parse(idle.stopsAt) - now) / 1000)}${freed}`;
}

function queueWords({ queue }: Status): string {
  const counts = queue.running + queue.pending === 0 ? 'empty' : `${queue.running} running, ${queue.pending} waiting`;
  const known = queue.known ? '' : ' (as last known)';
  const { current } = queue;
  if (current === null) return `${counts}${known}`;
  const node = current.nodeType ?? current.node;
  const step = current.value !== null && current.max !== null ? ` ${current.value}/${current.max}` : '';
  return `${counts}${known}; ${current.nodesDone} of ${current.nodesTotal} nodes done${node ? `, in ${node}${step}` : ''}`;
}

function gpuRows({ gpus, gpuNote }: Status): (readonly [string, string])[] {
  if (gpus.length === 0) return [['GPU', gpuNote ?? 'none']];
  return gpus.map((gpu) => [gpus.length === 1 ? 'GPU' : `GPU ${gpu.index}`, gpuWords(gpu)]);
}

function gpuWords(gpu: GpuReading): string {
  const comfy = gpu.vramComfyBytes === null ? '' : ` (ComfyUI ${formatGigabytes(gpu.vramComfyBytes)})`;
  const total = gpu.vramTotalBytes === null ? '' : ` of ${formatGigabytes(gpu.vramTotalBytes)}`;
  return [
    gpu.name,
    ...(gpu.vramUsedBytes === null ? [] : [`VRAM ${formatGigabytes(gpu.vramUsedBytes)}${total} GB${comfy}`]),
    ...(gpu.utilizationPercent === null ? [] : [`${Math.round(gpu.utilizationPercent)} %`]),
    ...(gpu.temperatureCelsius === null ? [] : [`${Math.round(gpu.temperatureCelsius)} °C`]),
    ...(gpu.powerWatts === null ? [] : [`${Math.round(gpu.powerWatts)} W`]),
  ].join(', ');
}

function addressWords({ url, sockets, heldRequests }: Status['gateway']): string {
  const held = heldRequests === 0 ? '' : `, ${heldRequests} ${heldRequests === 1 ? 'request' : 'requests'} held`;
  return `${url}, ${sockets} ${sockets === 1 ? 'socket' : 'sockets'} open${held}`;
}

function engineWords({ engine, version }: Status, now: number): string {
  const up = formatDuration((now - Date.parse(engine.startedAt)) / 1000);
  return `Stoker ${version}${engine.demo ? ' (demo)' : ''}, pid ${engine.pid}, up ${up}, data in ${engine.dataFolder}`;
}
