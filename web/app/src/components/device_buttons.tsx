// Microphone and camera switches, the same in the lobby and in the call.
import { toggleCamera, toggleMicrophone } from '../state/call';
import { cameraOn, hasCamera, hasMicrophone, microphoneOn } from '../state/devices';
import { CameraIcon, MicrophoneIcon } from './icons';

export function DeviceButtons() {
  const microphone = hasMicrophone.value && microphoneOn.value;
  const camera = hasCamera.value && cameraOn.value;
  return (
    <>
      <button
        type="button"
        class={`round${microphone ? '' : ' off'}`}
        aria-label={microphone ? 'Mute microphone' : 'Unmute microphone'}
        title={microphone ? 'Mute microphone' : 'Unmute microphone'}
        onClick={() => void toggleMicrophone()}
      >
        <MicrophoneIcon off={!microphone} />
      </button>
      <button
        type="button"
        class={`round${camera ? '' : ' off'}`}
        aria-label={camera ? 'Turn camera off' : 'Turn camera on'}
        title={camera ? 'Turn camera off' : 'Turn camera on'}
        onClick={() => void toggleCamera()}
      >
        <CameraIcon off={!camera} />
      </button>
    </>
  );
}
