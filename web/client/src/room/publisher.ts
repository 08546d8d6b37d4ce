// Sends one's own camera and microphone into a room.
import { CardeaError, ErrorReason } from '../errors';
import type { Handle } from '../handle';
import type { Logger } from '../log';
import { Peer } from '../media/peer';
import type { MediaSummary } from '../media/stats';

export type MediaKind = 'audio' | 'video';

export interface PublishOptions {
  /** Layers of the video, best first or by rid, as `addTransceiver` takes them; one layer unless told. */
  videoEncodings?: RTCRtpEncodingParameters[];
  rtc: RTCConfiguration;
}

// Enough for 720p with movement; the server may cap lower by REMB.
const oneLayer: RTCRtpEncodingParameters[] = [{ maxBitrate: 1_500_000 }];

export class Publisher {
  private peer?: Peer;
  private readonly senders = new Map<MediaKind, RTCRtpTransceiver>();

  constructor(
    private readonly handle: Handle,
    private readonly options: PublishOptions,
    private readonly log: Logger,
  ) {}

  /** Publishes the stream's first audio and first video track. */
  async publish(stream: MediaStream): Promise<void> {
    if (this.peer) {
      throw new CardeaError(ErrorReason.MediaFailed, 'already publishing');
    }
    const peer = new Peer(this.handle, this.options.rtc, { failed: () => void this.restart() });
    this.peer = peer;
    for (const track of [stream.getAudioTracks()[0], stream.getVideoTracks()[0]]) {
      if (track) {
        const sendEncodings =
          track.kind === 'video' ? (this.options.videoEncodings ?? oneLayer) : undefined;
        const transceiver = peer.connection.addTransceiver(track, {
          direction: 'sendonly',
          streams: [stream],
          ...(sendEncodings && { sendEncodings }),
        });
        this.senders.set(track.kind as MediaKind, transceiver);
      }
    }
    try {
      const offer = await peer.offer();
      const reply = await this.handle.request({ request: 'publish' }, offer);
      if (!reply.jsep) {
        throw new CardeaError(ErrorReason.MediaFailed, 'the server sent no answer to the offer');
      }
      await peer.accept(reply.jsep);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get publishing(): boolean {
    return this.peer !== undefined;
  }

  /** True if a track of this kind is published, muted or not. */
  has(kind: MediaKind): boolean {
    return this.senders.has(kind);
  }

  /** Mutes or unmutes: the track sends silence or black at once, and the server stops or resumes relaying. */
  async setEnabled(kind: MediaKind, enabled: boolean): Promise<void> {
    const transceiver = this.senders.get(kind);
    if (transceiver?.sender.track) {
      transceiver.sender.track.enabled = enabled;
      await this.handle.request({
        request: 'configure',
        streams: [{ mid: transceiver.mid, send: enabled }],
      });
    }
  }

  /** Sends another track of the same kind from now on, without a new negotiation. */
  async replaceTrack(track: MediaStreamTrack): Promise<void> {
    await this.senders.get(track.kind as MediaKind)?.sender.replaceTrack(track);
  }

  async stats(): Promise<MediaSummary | undefined> {
    return this.peer?.stats();
  }

  close(): void {
    this.peer?.close();
    this.peer = undefined;
    this.senders.clear();
  }

  /** The network path is gone: finds a new one, the streams stay. Also called after a reconnection. */
  async restart(): Promise<void> {
    const peer = this.peer;
    if (!peer || peer.connection.signalingState !== 'stable') {
      return;
    }
    try {
      const offer = await peer.offer({ iceRestart: true });
      const reply = await this.handle.request({ request: 'configure' }, offer);
      if (reply.jsep) {
        await peer.accept(reply.jsep);
      }
    } catch (error) {
      this.log.warn('the restart of the sending connection failed', error);
      await peer.connection.setLocalDescription({ type: 'rollback' }).catch(() => {});
    }
  }

  /** True if the connection has failed and wants `restart`. */
  get failed(): boolean {
    return this.peer?.connection.connectionState === 'failed';
  }
}
