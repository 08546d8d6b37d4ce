// What a user reads when something is wrong: one or two sentences, with what they can do about it.
import { CardeaError, ErrorReason } from '@cardea/client';

const sentences: Partial<Record<ErrorReason, string>> = {
  [ErrorReason.ConnectionFailed]:
    'The server cannot be reached. Check your network, or try again in a moment.',
  [ErrorReason.ConnectionLost]: 'The connection to the server broke. Please try again.',
  [ErrorReason.Timeout]: 'The server did not answer in time. Please try again.',
  [ErrorReason.Unauthorized]: 'This server does not let you into that room.',
  [ErrorReason.RoomNotFound]: 'There is no such room on this server.',
  [ErrorReason.RoomFull]: 'This room is full. You can listen once somebody has left.',
  [ErrorReason.MediaFailed]: 'Your browser and the server could not agree on a media connection.',
  [ErrorReason.PermissionDenied]:
    'Camera and microphone are blocked. Allow them in the address bar, or join just to watch and listen.',
  [ErrorReason.DeviceMissing]: 'No camera or microphone was found. You can still watch and listen.',
  [ErrorReason.DeviceBusy]:
    'Your camera or microphone does not start. Another program may be using it.',
  [ErrorReason.InsecurePage]:
    'Browsers allow camera and microphone on secure pages only. Open this page by https.',
};

/** A sentence for any error. */
export function sentenceFor(error: unknown): string {
  if (error instanceof CardeaError) {
    return sentences[error.reason] ?? `The server refused: ${error.message}.`;
  }
  return 'Something went wrong on this page. Please reload it.';
}
