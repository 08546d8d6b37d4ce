// Initials on a colour of their own, for whoever shows no picture.
import { useLayoutEffect, useRef } from 'preact/hooks';

export function Avatar({ name }: { name: string }) {
  const element = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    element.current?.style.setProperty('--hue', String(hueOf(name)));
  }, [name]);
  return (
    <div ref={element} class="avatar" aria-hidden="true">
      {initials(name)}
    </div>
  );
}

function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : words;
  return letters.map((word) => Array.from(word ?? '')[0]?.toUpperCase() ?? '').join('') || '?';
}

function hueOf(name: string): number {
  let sum = 0;
  for (const character of name) {
    sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 360;
  }
  return sum;
}
