// Copies the room's address, and says that it did.
import { useRef, useState } from 'preact/hooks';
import { roomLink } from '../state/call';
import { CheckIcon, LinkIcon } from './icons';

const saidForMs = 2000;

export function CopyLink() {
  const [copied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(roomLink());
    } catch {
      window.prompt('Copy this address:', roomLink());
      return;
    }
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), saidForMs);
  };
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      {copied ? <CheckIcon /> : <LinkIcon />}
      <span aria-live="polite">{copied ? 'Link copied' : 'Copy link'}</span>
    </button>
  );
}
