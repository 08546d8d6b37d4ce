// One person in the grid.
import { Avatar } from './avatar';
import { MicrophoneIcon } from './icons';
import { Video } from './video';

interface Props {
  name: string;
  stream: MediaStream | undefined;
  self?: boolean;
  video: boolean;
  audio: boolean;
  speaking: boolean;
}

export function Tile({ name, stream, self = false, video, audio, speaking }: Props) {
  const shown = self ? `${name} (you)` : name;
  const states = [audio ? '' : 'microphone off', video ? '' : 'camera off'].filter(Boolean);
  return (
    <article
      class={`tile${speaking ? ' speaking' : ''}`}
      data-self={self ? 'yes' : 'no'}
      data-name={name}
      aria-label={[shown, ...states].join(', ')}
    >
      {!video && <Avatar name={name} />}
      <Video stream={stream} self={self} hidden={!video} label={`Picture of ${shown}`} />
      <div class="plate">
        {!audio && <MicrophoneIcon off />}
        <span>{shown}</span>
      </div>
    </article>
  );
}
