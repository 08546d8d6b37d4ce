// Before the call: look at yourself, say your name, join.
import { useEffect } from 'preact/hooks';
import { Avatar } from '../components/avatar';
import { Brand } from '../components/brand';
import { CopyLink } from '../components/copy_link';
import { DeviceButtons } from '../components/device_buttons';
import { StatusLine } from '../components/status_line';
import { Video } from '../components/video';
import { displayName, join, phase, problem, roomName } from '../state/call';
import { cameraOn, deviceProblem, hasCamera, openDevices, opening, stream } from '../state/devices';

const maxNameLength = 40;

export function LobbyPage() {
  useEffect(() => void openDevices(), []);
  const joining = phase.value === 'joining';
  const showVideo = hasCamera.value && cameraOn.value;
  const submit = (event: Event): void => {
    event.preventDefault();
    if (!joining) {
      void join();
    }
  };
  return (
    <main class="entry lobby">
      <Brand />
      <div class="lobby-columns">
        <section class="preview" aria-label="Preview of your camera">
          {!showVideo &&
            (opening.value ? (
              <p class="hint">Waiting for your camera …</p>
            ) : (
              <Avatar name={displayName.value || 'You'} />
            ))}
          <Video stream={stream.value} self hidden={!showVideo} label="Your camera" />
          <div class="preview-buttons">
            <DeviceButtons />
          </div>
        </section>
        <form class="card" onSubmit={submit}>
          <p class="eyebrow">You are about to enter</p>
          <h1 class="room-title">{roomName.value}</h1>
          <label for="name">Your name</label>
          <input
            id="name"
            name="name"
            value={displayName.value}
            maxLength={maxNameLength}
            autocomplete="name"
            placeholder="Guest"
            autofocus
            onInput={(event) => (displayName.value = event.currentTarget.value)}
          />
          <button type="submit" class="primary wide" disabled={joining}>
            {joining ? 'Joining …' : 'Join'}
          </button>
          <StatusLine text={problem.value || deviceProblem.value} />
          <CopyLink />
        </form>
      </div>
    </main>
  );
}
