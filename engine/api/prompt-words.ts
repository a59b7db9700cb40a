/** How a prompt ended, as the one sentence of the event list. Pure. */
import type { JobNotice, PromptEnd } from '../../contract/events.ts';

/** `Prompt done: 4 images in 12 s.` */
export function promptEndSentence({ outcome, images, seconds, message, target }: PromptEnd): string {
  const subject = target === undefined ? 'Prompt' : `Job on ${target}`;
  switch (outcome) {
    case 'completed': {
      const made = images.length === 0 ? '' : `: ${images.length} ${images.length === 1 ? 'image' : 'images'}`;
      return `${subject} done${made}${seconds === null ? '' : ` in ${duration(seconds)}`}.`;
    }
    case 'failed':
      return closed(`${subject} failed: ${message ?? 'it is not said why'}`);
    case 'interrupted':
      return `${subject} interrupted${seconds === null ? '' : ` after ${duration(seconds)}`}.`;
  }
}

/** What the jobs want a person to know. */
export function noticeSentence(notice: JobNotice): string {
  switch (notice.kind) {
    case 'offloadOffered':
      return `${notice.waiting} jobs wait for this computer; they can be moved to ${notice.target}.`;
    case 'budgetReached':
      return `Jobs wait for ${notice.target}. ${notice.reason}`;
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
