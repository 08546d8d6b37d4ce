// A handle: one attachment of a session to a plugin, with at most one WebRTC connection.
import { CardeaError, ErrorReason } from './errors';
import { Emitter } from './events';
import type { ClientMessage, Jsep, Reply, ServerMessage } from './messages';

/** What a handle needs from its session, which adds the ids. */
export interface HandleLink {
  request(message: ClientMessage, awaitsEvent?: boolean): Promise<ServerMessage>;
  forget(): void;
}

export interface HandleEvents {
  /** The plugin says something that is no answer to a request. */
  event: [reply: Reply];
  /** The WebRTC connection of this handle is up. */
  webrtcup: [];
  /** The WebRTC connection of this handle is down; the handle itself lives on. */
  hangup: [reason: string];
  /** The server gets, or no longer gets, media on the m-line `mid`. */
  media: [mid: string, receiving: boolean];
  /** Packets are lost on the way to (`uplink`) or from the server. */
  slowlink: [mid: string, uplink: boolean];
  /** A candidate from the server; null after the last one. */
  trickle: [candidate: RTCIceCandidateInit | null];
  /** The handle is gone: detached by either side, or its session ended. */
  closed: [];
}

export class Handle extends Emitter<HandleEvents> {
  private ended = false;

  constructor(
    readonly id: number,
    readonly plugin: string,
    private readonly link: HandleLink,
  ) {
    super();
  }

  get closed(): boolean {
    return this.ended;
  }

  /**
   * Sends a message to the plugin and resolves with its answer, whether that comes at once or as a later event.
   * Rejects with the plugin's own error as well.
   */
  async request(body: Record<string, unknown>, jsep?: Jsep): Promise<Reply> {
    const answer = await this.send({ janus: 'message', body, ...(jsep && { jsep }) }, true);
    const data = answer.plugindata?.data ?? {};
    if (data['error_code'] !== undefined) {
      throw CardeaError.fromPlugin(
        answer.plugindata?.plugin ?? this.plugin,
        Number(data['error_code']),
        String(data['error'] ?? 'unknown error'),
      );
    }
    return { data, ...(answer.jsep && { jsep: answer.jsep }) };
  }

  /** Sends one local candidate, or null when there are no more. */
  async trickle(candidate: RTCIceCandidateInit | null): Promise<void> {
    await this.send({ janus: 'trickle', candidate: candidate ?? { completed: true } });
  }

  /** Ends the WebRTC connection and keeps the handle. */
  async hangup(): Promise<void> {
    await this.send({ janus: 'hangup' });
  }

  /** Ends the handle on the server. */
  async detach(): Promise<void> {
    if (this.ended) {
      return;
    }
    const answer = this.send({ janus: 'detach' });
    this.close();
    await answer;
  }

  /** A message for this handle. Internal: called by the session. */
  receive(message: ServerMessage): void {
    const mid = String(message['mid'] ?? '');
    switch (message.janus) {
      case 'event':
        this.emit('event', {
          data: message.plugindata?.data ?? {},
          ...(message.jsep && { jsep: message.jsep }),
        });
        break;
      case 'webrtcup':
        this.emit('webrtcup');
        break;
      case 'hangup':
        this.emit('hangup', String(message['reason'] ?? ''));
        break;
      case 'media':
        this.emit('media', mid, message['receiving'] === true);
        break;
      case 'slowlink':
        this.emit('slowlink', mid, message['uplink'] === true);
        break;
      case 'trickle':
        this.emit('trickle', message.candidate?.completed ? null : (message.candidate ?? null));
        break;
      case 'detached':
        this.close();
        break;
    }
  }

  /** The handle is gone. Internal: called by the session. */
  close(): void {
    if (!this.ended) {
      this.ended = true;
      this.link.forget();
      this.emit('closed');
    }
  }

  private send(message: ClientMessage, awaitsEvent = false): Promise<ServerMessage> {
    if (this.ended) {
      return Promise.reject(new CardeaError(ErrorReason.Closed, 'the handle is closed'));
    }
    return this.link.request(message, awaitsEvent);
  }
}
