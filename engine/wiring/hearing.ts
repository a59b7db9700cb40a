/** Wires who hears of what happens: the event list, the status streams, and the rooms that a changed setting or state concerns. */
import { noticeSentence, promptEndSentence } from '../api/prompt-words.ts';
import { createGpuAttention } from '../gpu/attention.ts';
import type { Card } from './card.ts';
import type { Control } from './control.ts';
import type { Doorway } from './doorway.ts';
import type { Ground } from './ground.ts';
import type { Supervised } from './supervised.ts';
import type { Work } from './work.ts';

export function wireHearing(
  { settings, happenings, closings }: Ground,
  { supervisor, queue, idle }: Supervised,
  { gpu, courtesy, settingsChanged }: Card,
  { jobs, livePreviews, onEnd }: Work,
  { pageStore }: Doorway,
  { apiPort, tellStatus }: Control,
): void {
  const gpuAttention = createGpuAttention({ gpu, tell: tellStatus });
  closings.push(() => gpuAttention.close());
  supervisor.onTransition(({ from, to, message }) => {
    gpuAttention.follow(to.kind === 'running');
    // The boot phases are for the waking page; the event list tells what came of them.
    if (from.kind !== to.kind)
      happenings.add('state', to.kind === 'failed' || to.kind === 'backingOff' ? 'error' : 'info', message);
    if (to.kind === 'starting') settings.setUsedByComfyui(settings.current());
    if (to.kind === 'stopped' || to.kind === 'failed') settings.setUsedByComfyui(null);
    tellStatus();
  });
  queue.onChange(({ running }) => {
    supervisor.setBusy(running > 0);
    tellStatus();
  });
  onEnd((end) => happenings.add('queue', end.outcome === 'failed' ? 'error' : 'info', promptEndSentence(end)));
  queue.onPromptEnd((end) => livePreviews.forget(end.promptId));
  let wasFreed = false;
  idle.onChange(({ freed }) => {
    if (freed && !wasFreed) happenings.add('idle', 'info', 'Freed VRAM: ComfyUI keeps running without its models.');
    wasFreed = freed;
    tellStatus();
  });
  courtesy.onChange(tellStatus);
  jobs.onStatusChange(tellStatus);
  pageStore.onChange(tellStatus);
  jobs.onNotice((notice) => happenings.add('queue', 'warning', noticeSentence(notice)));
  settings.onChange(({ keys }) => {
    happenings.add('settings', 'info', `Settings changed: ${keys.join(', ')}.`);
    gpu.settingsChanged();
    settingsChanged();
    if (keys.some((key) => key.startsWith('api.'))) void apiPort.adjust();
    jobs.rules.look();
    tellStatus();
  });
}
