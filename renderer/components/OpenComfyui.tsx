/** The way into ComfyUI: its own window in the desktop application, a new tab in a browser. */
import { ExternalLink } from 'lucide-react';
import { desktop } from '../desktop.ts';
import { words } from '../words.ts';
import { Button, type ButtonWeight, buttonClass } from './Button.tsx';

export function OpenComfyui({ weight = 'plain' }: { weight?: ButtonWeight }) {
  if (desktop !== null) {
    const { ask } = desktop;
    return (
      <Button weight={weight} onClick={() => void ask('openComfyui', null)}>
        {words.openComfyUI}
        <ExternalLink aria-hidden />
      </Button>
    );
  }
  return (
    <a className={buttonClass(weight)} href="/" target="_blank" rel="noreferrer">
      {words.openComfyUI}
      <ExternalLink aria-hidden />
      <span className="visuallyHidden">{words.opensNewTab}</span>
    </a>
  );
}
