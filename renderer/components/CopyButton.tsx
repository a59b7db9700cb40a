/** Copies a text and says whether it worked, also to a screen reader. */
import { Check, Copy } from 'lucide-react';
import { useEffect, useState } from 'react';
import { words } from '../words.ts';
import { Button, type ButtonWeight } from './Button.tsx';

const SHOWN_MS = 2000;

export function CopyButton({
  text,
  label = words.copy,
  weight = 'quiet',
  disabled = false,
  whyFailed = () => words.copyFailed,
}: {
  /** Made when pressed: a long log need not be joined at every change. */
  text: () => string | Promise<string>;
  label?: string;
  weight?: ButtonWeight;
  disabled?: boolean;
  /** What the button says then, for a moment. */
  whyFailed?: (error: unknown) => string;
}) {
  const [result, setResult] = useState<{ readonly failure: string | null } | null>(null);
  useEffect(() => {
    if (result === null) return undefined;
    const timer = setTimeout(() => setResult(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [result]);

  return (
    <Button
      weight={weight}
      disabled={disabled}
      icon={result?.failure === null ? <Check aria-hidden /> : <Copy aria-hidden />}
      onClick={() => {
        copy(text).then(
          () => setResult({ failure: null }),
          (error: unknown) => setResult({ failure: whyFailed(error) }),
        );
      }}
    >
      {result?.failure ?? label}
      <span role="status" className="visuallyHidden">
        {result === null ? '' : (result.failure ?? words.copied)}
      </span>
    </Button>
  );
}

async function copy(text: () => string | Promise<string>): Promise<void> {
  await copyText(await text());
}

/** The clipboard API exists only on secure origins: a studio's plain-http address needs the old way. */
async function copyText(text: string): Promise<void> {
  if (navigator.clipboard !== undefined) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  area.style.position = 'fixed';
  area.style.opacity = '0';
  document.body.append(area);
  area.select();
  const copied = document.execCommand('copy');
  area.remove();
  if (!copied) throw new Error('copy was refused');
}
