// A video room: joins, publishes, and keeps the list of the other people with their media.
import { CardeaError, ErrorReason } from '../errors';
import { Emitter } from '../events';
import type { Handle } from '../handle';
import { silentLogger, type Logger } from '../log';
import type { Session } from '../session';
import { Activity } from '../media/activity';
import { Feeds } from './feeds';
import type { Participant } from './participant';
import { Publisher, type MediaKind } from './publisher';

const plugin = 'janus.plugin.videoroom';
const sampleEveryMs = 400;

export interface JoinOptions {
  room: number;
  /** The name that others see. */
  display?: string;
  /** Makes the room if there is none; on unless told. */
  create?: boolean;
  /** Settings for a room that is made, with the server's names (`publishers`, `bitrate`, `pin` ...). */
  settings?: Record<string, unknown>;
  pin?: string;
  /** Published at once, if given. */
  stream?: MediaStream;
  videoEncodings?: RTCRtpEncodingParameters[];
  /** STUN and TURN servers; none unless told. */
  iceServers?: RTCIceServer[];
  logger?: Logger;
}

/** `lost`: the session is gone; join again with a new one. */
export type RoomState = 'joined' | 'left' | 'lost';

export interface RoomEvents {
  'participant-joined': [participant: Participant];
  'participant-left': [participant: Participant];
  /** One's own voice is heard, or is not any more. */
  speaking: [speaking: boolean];
  state: [state: RoomState];
}

export class Room extends Emitter<RoomEvents> {
  /** One's own number in the room. */
  readonly id: number;
  private currentState: RoomState = 'joined';
  private readonly publisher: Publisher;
  private readonly feeds: Feeds;
  private readonly activity = new Activity();
  private readonly timer: ReturnType<typeof setInterval>;
  private speaking = false;
  private readonly cleanups: (() => void)[];

  /** Joins a room. Rejects with RoomNotFound (if it is not to be created), Unauthorized, RoomFull ... */
  static async join(session: Session, options: JoinOptions): Promise<Room> {
    const handle = await session.attach(plugin);
    try {
      if (options.create ?? true) {
        await ensureRoom(handle, options);
      }
      // Events that arrive between the answer to `join` and the construction are none of the room's: both happen in
      // one turn, because the promise's continuation runs before the next message is read.
      const { data } = await handle.request({
        request: 'join',
        ptype: 'publisher',
        room: options.room,
        ...(options.display !== undefined && { display: options.display }),
        ...(options.pin !== undefined && { pin: options.pin }),
      });
      const room = new Room(session, handle, options, data);
      if (options.stream) {
        await room.publish(options.stream);
      }
      return room;
    } catch (error) {
      handle.detach().catch(() => {});
      throw error;
    }
  }

  private constructor(
    session: Session,
    private readonly handle: Handle,
    private readonly options: JoinOptions,
    joined: Record<string, unknown>,
  ) {
    super();
    const log = options.logger ?? silentLogger;
    const rtc: RTCConfiguration = {
      iceServers: options.iceServers ?? [],
      bundlePolicy: 'max-bundle',
    };
    this.id = Number(joined['id']);
    this.publisher = new Publisher(
      handle,
      { rtc, ...(options.videoEncodings && { videoEncodings: options.videoEncodings }) },
      log,
    );
    const privateId = joined['private_id'];
    this.feeds = new Feeds(
      () => session.attach(plugin),
      {
        room: options.room,
        ...(typeof privateId === 'number' && { privateId }),
        ...(options.pin !== undefined && { pin: options.pin }),
      },
      rtc,
      {
        joined: (participant) => this.emit('participant-joined', participant),
        left: (participant) => this.emit('participant-left', participant),
      },
      log,
    );
    this.cleanups = [
      handle.on('event', ({ data }) => this.receive(data)),
      handle.on('closed', () => this.end('lost')),
      session.on('reconnected', () => void this.reconcile()),
    ];
    this.timer = setInterval(() => void this.sample(), sampleEveryMs);
    this.receive(joined);
  }

  get state(): RoomState {
    return this.currentState;
  }

  /** The others, in the order they came. */
  get participants(): Participant[] {
    return this.feeds.participants;
  }

  /** Sends the first audio and the first video track of the stream to the others. */
  async publish(stream: MediaStream): Promise<void> {
    await this.publisher.publish(stream);
  }

  async unpublish(): Promise<void> {
    if (this.publisher.publishing) {
      await this.handle.request({ request: 'unpublish' });
      this.publisher.close();
    }
  }

  get publishing(): boolean {
    return this.publisher.publishing;
  }

  /** True if a track of this kind is published, muted or not. */
  publishes(kind: MediaKind): boolean {
    return this.publisher.has(kind);
  }

  async setMicrophone(on: boolean): Promise<void> {
    await this.publisher.setEnabled('audio', on);
  }

  async setCamera(on: boolean): Promise<void> {
    await this.publisher.setEnabled('video', on);
  }

  /** Changes the device without a new negotiation: the track takes the place of the one of its kind. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    await this.publisher.replaceTrack(track);
  }

  /** Leaves; the others are told. The stream that was published is not stopped: it belongs to the caller. */
  async leave(): Promise<void> {
    if (this.currentState !== 'joined') {
      return;
    }
    const left = this.handle.request({ request: 'leave' });
    this.end('left');
    await left.catch(() => {});
    await this.handle.detach().catch(() => {});
  }

  private receive(data: Record<string, unknown>): void {
    for (const item of records(data['attendees'])) {
      this.feeds.add(item);
    }
    if (typeof data['joining'] === 'object' && data['joining'] !== null) {
      this.feeds.add(data['joining'] as Record<string, unknown>);
    }
    for (const item of records(data['publishers'])) {
      this.feeds.publish(item);
    }
    if (typeof data['unpublished'] === 'number') {
      this.feeds.unpublish(data['unpublished']);
    }
    for (const gone of [data['leaving'], data['kicked']]) {
      if (typeof gone === 'number') {
        this.feeds.remove(gone);
      }
    }
    if (data['leaving'] === 'ok' || data['videoroom'] === 'destroyed') {
      this.end('left');
    }
  }

  /** After a reconnection: events may have been missed, so compares with the server's list. */
  private async reconcile(): Promise<void> {
    try {
      const { data } = await this.handle.request({
        request: 'listparticipants',
        room: this.options.room,
      });
      this.feeds.reconcile(records(data['participants']), this.id);
      if (this.publisher.failed) {
        await this.publisher.restart();
      }
    } catch (error) {
      if (error instanceof CardeaError && error.reason === ErrorReason.RoomNotFound) {
        this.end('lost');
      }
    }
  }

  private async sample(): Promise<void> {
    await this.feeds.sample(performance.now());
    const summary = await this.publisher.stats().catch(() => undefined);
    const speaking = summary ? this.activity.update(summary, performance.now()).speaking : false;
    if (speaking !== this.speaking) {
      this.speaking = speaking;
      this.emit('speaking', speaking);
    }
  }

  private end(state: RoomState): void {
    if (this.currentState !== 'joined') {
      return;
    }
    this.currentState = state;
    clearInterval(this.timer);
    this.cleanups.forEach((cleanup) => cleanup());
    this.publisher.close();
    this.feeds.close();
    this.emit('state', state);
  }
}

async function ensureRoom(handle: Handle, options: JoinOptions): Promise<void> {
  const { data } = await handle.request({ request: 'exists', room: options.room });
  if (data['exists'] === true) {
    return;
  }
  const defaults = { publishers: 16, bitrate: 1_500_000, notify_joining: true };
  try {
    await handle.request({
      request: 'create',
      ...defaults,
      ...options.settings,
      room: options.room,
    });
  } catch (error) {
    // Somebody else made it between the two requests.
    if (!(error instanceof CardeaError && error.reason === ErrorReason.RoomExists)) {
      throw error;
    }
  }
}

function records(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? (value as Record<string, unknown>[]) : [];
}
