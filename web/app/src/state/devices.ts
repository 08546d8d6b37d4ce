// One's own camera and microphone: opened once, shown in the lobby, sent in the call.
import { openMedia, stopMedia } from '@cardea/client';
import { computed, signal } from '@preact/signals';
import { sentenceFor } from '../i18n/sentences';

export const stream = signal<MediaStream | undefined>(undefined);
export const microphoneOn = signal(true);
export const cameraOn = signal(true);
/** Why there is no camera or microphone, as a sentence; empty when all is well. */
export const deviceProblem = signal('');
export const opening = signal(false);

export const hasMicrophone = computed(() => !!stream.value?.getAudioTracks().length);
export const hasCamera = computed(() => !!stream.value?.getVideoTracks().length);

/** Opens camera and microphone, unless they are open. Problems go to `deviceProblem`. */
export async function openDevices(): Promise<void> {
  if (stream.value || opening.value) {
    return;
  }
  opening.value = true;
  try {
    const opened = await openMedia();
    for (const track of opened.getTracks()) {
      track.enabled = track.kind === 'audio' ? microphoneOn.value : cameraOn.value;
    }
    stream.value = opened;
    deviceProblem.value = '';
  } catch (error) {
    deviceProblem.value = sentenceFor(error);
  } finally {
    opening.value = false;
  }
}

export function closeDevices(): void {
  stopMedia(stream.value);
  stream.value = undefined;
}

export function setMicrophone(on: boolean): void {
  microphoneOn.value = on;
  stream.value?.getAudioTracks().forEach((track) => (track.enabled = on));
}

export function setCamera(on: boolean): void {
  cameraOn.value = on;
  stream.value?.getVideoTracks().forEach((track) => (track.enabled = on));
}
