// One RTCPeerConnection tied to one handle: candidates both ways, offers and answers one after the other.
import { CardeaError, ErrorReason } from '../errors';
import type { Handle } from '../handle';
import type { Jsep } from '../messages';
import { summarize, type MediaSummary } from './stats';

const maxEarlyCandidates = 64;

export interface PeerListener {
  track?(track: MediaStreamTrack, mid: string): void;
  /** The connection failed for good; a restart or a new peer is needed. */
  failed?(): void;
}

export class Peer {
  readonly connection: RTCPeerConnection;
  private readonly removeListener: () => void;
  // Server candidates may arrive before the description that they belong to.
  private early: (RTCIceCandidateInit | null)[] = [];

  constructor(
    private readonly handle: Handle,
    config: RTCConfiguration,
    listener: PeerListener,
  ) {
    this.connection = new RTCPeerConnection(config);
    this.connection.onicecandidate = ({ candidate }) => {
      // A lost candidate is no failure: the server sees the address in the checks themselves.
      this.handle.trickle(candidate ? candidate.toJSON() : null).catch(() => {});
    };
    this.connection.ontrack = ({ track, transceiver }) =>
      listener.track?.(track, transceiver.mid ?? '');
    this.connection.onconnectionstatechange = () => {
      if (this.connection.connectionState === 'failed') {
        listener.failed?.();
      }
    };
    this.removeListener = handle.on('trickle', (candidate) => this.addCandidate(candidate));
  }

  /** Makes an offer and sets it. */
  async offer(options?: RTCOfferOptions): Promise<Jsep> {
    return this.describe(async () => this.connection.createOffer(options));
  }

  /** Takes the server's offer and makes the answer. */
  async answer(offer: Jsep): Promise<Jsep> {
    await this.accept(offer);
    return this.describe(async () => this.connection.createAnswer());
  }

  /** Takes the server's description. */
  async accept(description: Jsep): Promise<void> {
    try {
      await this.connection.setRemoteDescription({ type: description.type, sdp: description.sdp });
    } catch (error) {
      throw new CardeaError(ErrorReason.MediaFailed, String(error));
    }
    const early = this.early;
    this.early = [];
    early.forEach((candidate) => this.addCandidate(candidate));
  }

  async stats(): Promise<MediaSummary> {
    const report = await this.connection.getStats();
    return summarize(report as unknown as Iterable<[string, unknown]>);
  }

  close(): void {
    this.removeListener();
    this.connection.onicecandidate = null;
    this.connection.ontrack = null;
    this.connection.onconnectionstatechange = null;
    this.connection.close();
  }

  private async describe(make: () => Promise<RTCSessionDescriptionInit>): Promise<Jsep> {
    try {
      const description = await make();
      await this.connection.setLocalDescription(description);
      return { type: description.type, sdp: description.sdp ?? '' };
    } catch (error) {
      throw new CardeaError(ErrorReason.MediaFailed, String(error));
    }
  }

  private addCandidate(candidate: RTCIceCandidateInit | null): void {
    if (!this.connection.remoteDescription) {
      if (this.early.length < maxEarlyCandidates) {
        this.early.push(candidate);
      }
    } else if (candidate) {
      this.connection.addIceCandidate(candidate).catch(() => {});
    }
  }
}
