/** How a prompt ended, as the one sentence of the event list. Pure. */
import type { PromptEnd } from '../../contract/events.ts';

/** `Prompt done: 4 images in 12 s.` */
export function promptEndSentence({ outcome, images, seconds, message }: PromptEnd): string {
  switch (outcome) {
    case 'completed': {
      const made = images.length === 0 ? '' : `: ${images.length} ${images.length === 1 ? 'image' : 'images'}`;
      return `Prompt done${made}${seconds === null ? '' : ` in ${duration(seconds)}`}.`;
    }
    case 'failed':
      return closed(`Prompt failed: ${message ?? 'ComfyUI does not say why'}`);
    case 'interrupted':
      return `Prompt interrupted${seconds === null ? '' : ` after ${duration(seconds)}`}.`;
  }
}

const closed = (sentence: string): string => (/[.!?]$/.test(sentence) ? sentence : `${sentence}.`);

function duration(seconds: number): string {
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  const rest = whole % 60;
  return rest === 0 ? `${Math.floor(whole / 60)} min` : `${Math.floor(whole / 60)} min ${rest} s`;
}
