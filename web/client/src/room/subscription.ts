// Receives the streams of one feed over a handle of its own.
import type { Handle } from '../handle';
import type { Logger } from '../log';
import type { Jsep } from '../messages';
import { Activity, type ActivityState } from '../media/activity';
import { Peer } from '../media/peer';

export interface SubscriptionListener {
  track(track: MediaStreamTrack): void;
  /** Media cannot come over this subscription any more; it should be closed and made again. */
  failed(): void;
}

export interface SubscribeRequest {
  room: number;
  feed: number;
  /** The subscriber's own `private_id` in the room; some rooms ask for it. */
  privateId?: number;
  pin?: string;
}

export class Subscription {
  private readonly peer: Peer;
  private readonly activity = new Activity();
  private closed = false;
  // Offers are answered one after the other; the server may push one while another is under way.
  private turn: Promise<void> = Promise.resolve();

  constructor(
    private readonly handle: Handle,
    rtc: RTCConfiguration,
    private readonly listener: SubscriptionListener,
    private readonly log: Logger,
  ) {
    this.peer = new Peer(handle, rtc, {
      track: (track) => listener.track(track),
      failed: () => listener.failed(),
    });
    handle.on('event', ({ jsep }) => {
      if (jsep?.type === 'offer') {
        this.negotiate(jsep).catch((error: unknown) =>
          this.log.warn('renegotiation failed', error),
        );
      }
    });
    handle.on('closed', () => this.fail());
  }

  /** Asks for all streams of the feed and answers the server's offer. */
  async start(request: SubscribeRequest): Promise<void> {
    const { jsep } = await this.handle.request({
      request: 'join',
      ptype: 'subscriber',
      room: request.room,
      streams: [{ feed: request.feed }],
      ...(request.privateId !== undefined && { private_id: request.privateId }),
      ...(request.pin !== undefined && { pin: request.pin }),
    });
    if (jsep) {
      await this.negotiate(jsep);
    }
  }

  /** @param now milliseconds of a steady clock. */
  async sample(now: number): Promise<ActivityState> {
    return this.activity.update(await this.peer.stats(), now);
  }

  /** Ends the subscription here and on the server. */
  close(): void {
    if (!this.closed) {
      this.closed = true;
      this.peer.close();
      this.handle.detach().catch((error: unknown) => this.log.debug('detach failed', error));
    }
  }

  private negotiate(offer: Jsep): Promise<void> {
    const mine = this.turn.then(async () => {
      if (!this.closed) {
        const answer = await this.peer.answer(offer);
        await this.handle.request({ request: 'start' }, answer);
      }
    });
    this.turn = mine.catch(() => {});
    return mine;
  }

  private fail(): void {
    if (!this.closed) {
      this.listener.failed();
    }
  }
}
