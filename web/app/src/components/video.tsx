// A video element that shows a MediaStream.
import { useEffect, useRef } from 'preact/hooks';

interface Props {
  stream: MediaStream | undefined;
  /** One's own picture: as in a mirror, and without sound. */
  self?: boolean;
  hidden?: boolean;
  label: string;
}

export function Video({ stream, self = false, hidden = false, label }: Props) {
  const element = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const video = element.current;
    if (video) {
      video.muted = self;
      video.srcObject = stream ?? null;
    }
    return () => {
      if (video) {
        video.srcObject = null;
      }
    };
  }, [stream, self]);
  // A hidden video stays in the page, because its sound goes on.
  return (
    <video
      ref={element}
      class={`video${self ? ' mirrored' : ''}${hidden ? ' concealed' : ''}`}
      aria-label={label}
      autoplay
      playsInline
    />
  );
}
