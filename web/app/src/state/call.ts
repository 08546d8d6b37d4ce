// The state of the page, and everything a user can do with a call.
import {
  CardeaError,
  Client,
  ErrorReason,
  Room,
  roomIdFromName,
  type Participant,
} from '@cardea/client';
import { batch, signal } from '@preact/signals';
import { sentenceFor } from '../i18n/sentences';
import { findServer, linkToRoom, roomFromAddress } from './config';
import * as devices from './devices';

export type Phase = 'landing' | 'lobby' | 'joining' | 'call' | 'left';

const nameKey = 'cardea.name';
const rejoinDelaysMs = [500, 1500, 3000, 5000, 8000];

export const roomName = signal(roomFromAddress(window.location));
export const displayName = signal(localStorage.getItem(nameKey) ?? '');
export const phase = signal<Phase>(roomName.value ? 'lobby' : 'landing');
/** Shown until the next attempt: why joining failed, or what is wrong with the connection. */
export const problem = signal('');
export const participants = signal<readonly Participant[]>([]);
export const selfSpeaking = signal(false);

let client: Client | undefined;
let room: Room | undefined;
// Counts up when the user joins or leaves, so that what is still under way for an older call gives up.
let attempt = 0;

/** Goes to the lobby of a room. */
export function chooseRoom(name: string): void {
  batch(() => {
    roomName.value = name.trim();
    problem.value = '';
    phase.value = 'lobby';
  });
  history.pushState(null, '', linkToRoom(window.location, roomName.value));
}

/** Joins the chosen room with the open devices, or without any. */
export async function join(): Promise<void> {
  localStorage.setItem(nameKey, displayName.value.trim());
  const mine = (attempt += 1);
  batch(() => {
    phase.value = 'joining';
    problem.value = '';
  });
  try {
    await connect(mine);
    if (mine === attempt) {
      phase.value = 'call';
    }
  } catch (error) {
    if (mine === attempt) {
      disconnect();
      batch(() => {
        problem.value = sentenceFor(error);
        phase.value = 'lobby';
      });
    }
  }
}

/** Leaves the call. */
export async function leave(): Promise<void> {
  attempt += 1;
  devices.closeDevices();
  batch(() => {
    phase.value = 'left';
    participants.value = [];
    problem.value = '';
  });
  const left = room?.leave();
  room = undefined;
  await left;
  disconnect();
}

/** From the page that is shown after leaving. */
export function goTo(next: 'landing' | 'lobby'): void {
  phase.value = next;
  if (next === 'landing') {
    history.pushState(null, '', window.location.pathname);
  }
}

export async function toggleMicrophone(): Promise<void> {
  if (!devices.hasMicrophone.value) {
    await retryDevices();
    return;
  }
  devices.setMicrophone(!devices.microphoneOn.value);
  await room?.setMicrophone(devices.microphoneOn.value).catch(() => {});
}

export async function toggleCamera(): Promise<void> {
  if (!devices.hasCamera.value) {
    await retryDevices();
    return;
  }
  devices.setCamera(!devices.cameraOn.value);
  await room?.setCamera(devices.cameraOn.value).catch(() => {});
}

export function roomLink(): string {
  return linkToRoom(window.location, roomName.value);
}

/** Devices that were blocked or missing may be there now. */
async function retryDevices(): Promise<void> {
  await devices.openDevices();
  if (room && !room.publishing && devices.stream.value) {
    await room.publish(devices.stream.value).catch((error: unknown) => {
      problem.value = sentenceFor(error);
    });
  }
}

async function connect(mine: number): Promise<void> {
  const url = await findServer(window.location);
  const newClient = new Client({ url });
  client = newClient;
  newClient.on('state', (state) => {
    if (client === newClient && phase.value === 'call') {
      problem.value = state === 'reconnecting' ? 'Connection lost. Trying to reconnect …' : '';
    }
  });
  await newClient.connect();
  const session = await newClient.createSession();
  const newRoom = await Room.join(session, {
    room: roomIdFromName(roomName.value),
    display: displayName.value.trim() || 'Guest',
    settings: { description: roomName.value },
  });
  if (mine !== attempt) {
    await newRoom.leave();
    await newClient.close();
    return;
  }
  room = newRoom;
  watch(newRoom, mine);
  await publishDevices(newRoom);
}

async function publishDevices(target: Room): Promise<void> {
  if (!devices.stream.value) {
    return;
  }
  try {
    await target.publish(devices.stream.value);
  } catch (error) {
    // Without a free place for a publisher one can still watch and listen.
    if (!(error instanceof CardeaError && error.reason === ErrorReason.RoomFull)) {
      throw error;
    }
    problem.value = sentenceFor(error);
  }
  if (!devices.microphoneOn.value) {
    await target.setMicrophone(false).catch(() => {});
  }
  if (!devices.cameraOn.value) {
    await target.setCamera(false).catch(() => {});
  }
}

function watch(target: Room, mine: number): void {
  const refresh = (): void => {
    participants.value = target.participants;
  };
  target.on('participant-joined', refresh);
  target.on('participant-left', refresh);
  target.on('speaking', (speaking) => (selfSpeaking.value = speaking));
  target.on('state', (state) => {
    if (mine !== attempt) {
      return;
    }
    if (state === 'lost') {
      void rejoin(mine);
    } else {
      void leave();
    }
  });
  refresh();
}

/** The server forgot the session (it restarted, or the network was away for too long): enters the room anew. */
async function rejoin(mine: number): Promise<void> {
  for (const delay of rejoinDelaysMs) {
    batch(() => {
      participants.value = [];
      problem.value = 'Connection lost. Trying to join again …';
    });
    disconnect();
    await new Promise((resolve) => setTimeout(resolve, delay));
    if (mine !== attempt) {
      return;
    }
    try {
      await connect(mine);
      problem.value = '';
      return;
    } catch (error) {
      problem.value = sentenceFor(error);
    }
  }
  disconnect();
  phase.value = 'lobby';
}

function disconnect(): void {
  const old = client;
  client = undefined;
  room = undefined;
  void old?.close();
}

// A closed window says goodbye, so that the others do not look at a frozen picture.
window.addEventListener('pagehide', () => {
  void room?.leave();
  disconnect();
});

window.addEventListener('popstate', () => {
  const name = roomFromAddress(window.location);
  if (phase.value === 'call') {
    void leave();
  }
  roomName.value = name;
  phase.value = name ? 'lobby' : 'landing';
});
