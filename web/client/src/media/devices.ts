// Camera and microphone, with errors that say what is wrong.
import { CardeaError, ErrorReason } from '../errors';

export interface MediaRequest {
  audio?: boolean | MediaTrackConstraints;
  video?: boolean | MediaTrackConstraints;
}

// 720p at most: more costs every viewer bandwidth and is hardly seen in a grid.
const videoDefaults: MediaTrackConstraints = {
  width: { ideal: 1280 },
  height: { ideal: 720 },
  frameRate: { ideal: 30 },
};

const audioDefaults: MediaTrackConstraints = {
  echoCancellation: true,
  noiseSuppression: true,
  autoGainControl: true,
};

/**
 * Opens camera and microphone. If both are asked for and one is missing or broken, the other one alone is given.
 * Rejects with PermissionDenied, DeviceMissing, DeviceBusy or InsecurePage.
 */
export async function openMedia(
  request: MediaRequest = { audio: true, video: true },
): Promise<MediaStream> {
  if (!globalThis.navigator?.mediaDevices?.getUserMedia) {
    throw new CardeaError(ErrorReason.InsecurePage, 'no access to cameras on this page');
  }
  const audio = request.audio === true ? audioDefaults : (request.audio ?? false);
  const video = request.video === true ? videoDefaults : (request.video ?? false);
  try {
    return await navigator.mediaDevices.getUserMedia({ audio, video });
  } catch (error) {
    const failure = CardeaError.fromMedia(error);
    if (failure.reason === ErrorReason.PermissionDenied || !audio || !video) {
      throw failure;
    }
    return navigator.mediaDevices
      .getUserMedia({ audio })
      .catch(() => navigator.mediaDevices.getUserMedia({ video }))
      .catch(() => {
        throw failure;
      });
  }
}

/** Stops all tracks, so that the camera's light goes out. */
export function stopMedia(stream: MediaStream | undefined): void {
  stream?.getTracks().forEach((track) => track.stop());
}

/** Cameras (`videoinput`), microphones (`audioinput`) or speakers. Labels are empty before the first permission. */
export async function listDevices(kind: MediaDeviceKind): Promise<MediaDeviceInfo[]> {
  const devices = await (globalThis.navigator?.mediaDevices?.enumerateDevices() ?? []);
  return devices.filter((device) => device.kind === kind);
}
