// The call: a grid of people and a bar of buttons.
import type { Participant } from '@cardea/client';
import { useEffect, useState } from 'preact/hooks';
import { CopyLink } from '../components/copy_link';
import { DeviceButtons } from '../components/device_buttons';
import { Grid } from '../components/grid';
import { LeaveIcon, Logo } from '../components/icons';
import { StatusLine } from '../components/status_line';
import { Tile } from '../components/tile';
import { displayName, leave, participants, problem, roomName, selfSpeaking } from '../state/call';
import {
  cameraOn,
  deviceProblem,
  hasCamera,
  hasMicrophone,
  microphoneOn,
  stream,
} from '../state/devices';

function RemoteTile({ participant }: { participant: Participant }) {
  const [, refresh] = useState(0);
  useEffect(() => participant.on('changed', () => refresh((count) => count + 1)), [participant]);
  return (
    <Tile
      name={participant.display || 'Guest'}
      stream={participant.stream}
      video={participant.hasVideo}
      audio={participant.hasAudio}
      speaking={participant.speaking}
    />
  );
}

export function CallPage() {
  const others = participants.value;
  const microphone = hasMicrophone.value && microphoneOn.value;
  return (
    <main class="call">
      <header class="call-head">
        <Logo />
        <h1>{roomName.value}</h1>
        <p class="count">{others.length === 0 ? 'Only you' : `${others.length + 1} people`}</p>
      </header>
      <StatusLine text={problem.value || deviceProblem.value} />
      <Grid>
        {others.map((participant) => (
          <RemoteTile key={participant.id} participant={participant} />
        ))}
        <Tile
          key="self"
          self
          name={displayName.value.trim() || 'Guest'}
          stream={stream.value}
          video={hasCamera.value && cameraOn.value}
          audio={microphone}
          speaking={microphone && selfSpeaking.value}
        />
      </Grid>
      <div class="bar" role="toolbar" aria-label="Call">
        <DeviceButtons />
        <CopyLink />
        <button type="button" class="leave" onClick={() => void leave()}>
          <LeaveIcon />
          <span>Leave</span>
        </button>
      </div>
    </main>
  );
}
