/** The guide's question when ComfyUI sleeps: a few idle times in words, and the one in use where it is another. */
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { patchSettings } from '../api.ts';
import { failureWords } from '../lib/engine-sentences.ts';
import { formatExactDuration } from '../lib/format.ts';
import { keys } from '../live-cache.ts';
import { words } from '../words.ts';
import type { ListedChoice } from './ChoiceList.tsx';
import { GuideStep } from './GuideStep.tsx';

const PRESET_MINUTES = [2, 5, 15, 60, 0] as const;

export function SleepStep({
  live,
  savedSeconds,
  onSaved,
  beside,
}: {
  live: boolean;
  savedSeconds: number;
  onSaved: () => void;
  beside: ReactNode;
}) {
  const cache = useQueryClient();
  const [seconds, setSeconds] = useState(savedSeconds);
  const save = useMutation({
    mutationFn: () => patchSettings({ idle: { stopAfterSeconds: seconds } }),
    onSuccess(answer) {
      cache.setQueryData(keys.settings, answer);
      onSaved();
    },
  });
  return (
    <GuideStep
      choices={choicesWith(savedSeconds)}
      value={String(seconds)}
      saving={save.isPending}
      failure={save.error === null ? null : failureWords(save.error)}
      disabled={!live}
      beside={beside}
      onChange={(value) => setSeconds(Number(value))}
      onNext={() => (seconds === savedSeconds ? onSaved() : save.mutate())}
    />
  );
}

function choicesWith(savedSeconds: number): ListedChoice[] {
  const { minutes, hint, other, otherHint } = words.welcome.sleep;
  const presets = PRESET_MINUTES.map((preset) => ({
    value: String(preset * 60),
    label: minutes[preset],
    details: [hint[preset]],
  }));
  const isPreset = presets.some(({ value }) => value === String(savedSeconds));
  const own = { value: String(savedSeconds), label: other(formatExactDuration(savedSeconds)), details: [otherHint] };
  return isPreset ? presets : [own, ...presets];
}
