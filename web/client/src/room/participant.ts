// Another person in the room, with the media that is received from them.
import { Emitter } from '../events';
import type { ActivityState } from '../media/activity';

/** One published stream as the server lists it. */
export interface StreamInfo {
  type: string;
  mid: string;
  disabled?: boolean;
}

export interface ParticipantEvents {
  /** Anything that is shown of this person has changed. */
  changed: [];
}

export class Participant extends Emitter<ParticipantEvents> {
  private name: string;
  private media?: MediaStream;
  private published: StreamInfo[] = [];
  private activity: ActivityState = { speaking: false, audioFlowing: true, videoFlowing: true };

  constructor(
    /** The server's number for this person in this room. */
    readonly id: number,
    display: string,
  ) {
    super();
    this.name = display;
  }

  get display(): string {
    return this.name;
  }

  /** What is received, in one stream; undefined before the first track. */
  get stream(): MediaStream | undefined {
    return this.media;
  }

  get hasAudio(): boolean {
    return this.has('audio') && this.activity.audioFlowing;
  }

  get hasVideo(): boolean {
    return this.has('video') && this.activity.videoFlowing && !!this.media?.getVideoTracks().length;
  }

  get publishing(): boolean {
    return this.published.length > 0;
  }

  get speaking(): boolean {
    return this.activity.speaking && this.hasAudio;
  }

  /** Internal, as are the methods below: called by the room. Returns true if the list of streams is another one. */
  describe(display: string, streams: StreamInfo[]): boolean {
    const active = streams.filter((stream) => !stream.disabled);
    const key = (list: StreamInfo[]): string => list.map((s) => `${s.mid}/${s.type}`).join();
    const different = key(active) !== key(this.published);
    if (different || display !== this.name) {
      this.name = display;
      this.published = active;
      this.emit('changed');
    }
    return different;
  }

  addTrack(track: MediaStreamTrack): void {
    // A new stream each time: an element that plays one already may leave a track added later silent.
    this.media = new MediaStream([...(this.media?.getTracks() ?? []), track]);
    this.emit('changed');
  }

  clearMedia(): void {
    if (this.media) {
      this.media = undefined;
      this.emit('changed');
    }
  }

  report(next: ActivityState): void {
    const old = this.activity;
    this.activity = next;
    if (
      old.speaking !== next.speaking ||
      old.audioFlowing !== next.audioFlowing ||
      old.videoFlowing !== next.videoFlowing
    ) {
      this.emit('changed');
    }
  }

  private has(type: string): boolean {
    return this.published.some((stream) => stream.type === type);
  }
}
