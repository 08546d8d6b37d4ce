// A session on the server: keeps it alive, takes it over after a reconnection, owns its handles.
import { CardeaError, ErrorReason } from './errors';
import { Emitter } from './events';
import { Handle } from './handle';
import type { Logger } from './log';
import type { ClientMessage, ServerMessage } from './messages';

/** What a session needs from the connection that carries it. */
export interface SessionLink {
  request(message: ClientMessage, awaitsEvent?: boolean): Promise<ServerMessage>;
  forget(): void;
  reconnect(): void;
  connected(): boolean;
}

export interface SessionEvents {
  /** The connection was lost and is back; the session and its handles live on. Events may have been missed. */
  reconnected: [];
  /** The session is gone on the server, and with it all handles. */
  lost: [];
}

export class Session extends Emitter<SessionEvents> {
  private readonly handles = new Map<number, Handle>();
  private readonly timer: ReturnType<typeof setInterval>;
  private ended = false;

  constructor(
    readonly id: number,
    private readonly link: SessionLink,
    keepaliveMs: number,
    private readonly log: Logger,
  ) {
    super();
    this.timer = setInterval(() => void this.keepalive(), keepaliveMs);
  }

  get closed(): boolean {
    return this.ended;
  }

  /** @param plugin package name, as in `janus.plugin.videoroom`. */
  async attach(plugin: string): Promise<Handle> {
    const answer = await this.request({ janus: 'attach', plugin });
    const id = Number(answer.data?.['id']);
    const handle = new Handle(id, plugin, {
      request: (message, awaitsEvent) => this.request({ ...message, handle_id: id }, awaitsEvent),
      forget: () => this.handles.delete(id),
    });
    this.handles.set(id, handle);
    return handle;
  }

  /** Ends the session on the server. Does not fail if it is gone already. */
  async destroy(): Promise<void> {
    if (this.ended) {
      return;
    }
    const answer = this.request({ janus: 'destroy' });
    this.end();
    await answer.catch((error: unknown) => this.log.debug('destroy failed', error));
  }

  /** Takes the session over on a new connection. Internal: called by the client. */
  async claim(): Promise<void> {
    try {
      await this.request({ janus: 'claim' });
      this.emit('reconnected');
    } catch (error) {
      // A connection that broke again leads to the next attempt, any other answer means that the session is gone.
      if (!(error instanceof CardeaError && error.reason === ErrorReason.ConnectionLost)) {
        this.lose();
      }
    }
  }

  /** A message for this session or one of its handles. Internal: called by the client. */
  receive(message: ServerMessage): void {
    if (message.sender !== undefined) {
      this.handles.get(message.sender)?.receive(message);
    } else if (message.janus === 'timeout') {
      this.lose();
    }
  }

  /** The session is gone. Internal: called by the client. */
  lose(): void {
    if (!this.ended) {
      this.log.warn(`session ${this.id} lost`);
      this.end();
      this.emit('lost');
    }
  }

  private request(message: ClientMessage, awaitsEvent = false): Promise<ServerMessage> {
    if (this.ended) {
      return Promise.reject(new CardeaError(ErrorReason.Closed, 'the session is closed'));
    }
    return this.link.request({ ...message, session_id: this.id }, awaitsEvent);
  }

  private async keepalive(): Promise<void> {
    if (!this.link.connected()) {
      return;
    }
    try {
      await this.request({ janus: 'keepalive' });
    } catch (error) {
      const reason = error instanceof CardeaError ? error.reason : undefined;
      if (reason === ErrorReason.SessionLost) {
        this.lose();
      } else if (reason === ErrorReason.Timeout) {
        this.link.reconnect();
      }
    }
  }

  private end(): void {
    this.ended = true;
    clearInterval(this.timer);
    this.link.forget();
    for (const handle of [...this.handles.values()]) {
      handle.close();
    }
  }
}
