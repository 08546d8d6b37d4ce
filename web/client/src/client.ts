// One connection to a server: opens it, keeps it open, sends requests, hands events to their session.
import { CardeaError, ErrorReason } from './errors';
import { Emitter } from './events';
import { silentLogger, type Logger } from './log';
import type { ClientMessage, ServerMessage } from './messages';
import { Session } from './session';
import { Transactions } from './transactions';
import { HttpTransport } from './transport/http';
import type { Transport, TransportFactory } from './transport/transport';
import { WebSocketTransport } from './transport/websocket';

export interface ClientOptions {
  /** `ws:`/`wss:` address, or `http:`/`https:` address of the API root for long polling. */
  url: string;
  /** Added to every request, if the server asks for one. */
  token?: string;
  apiSecret?: string;
  /** How long a request may take; 10 s unless told. */
  requestTimeoutMs?: number;
  /** Between keepalives of a session; 25 s unless told (servers drop silent sessions after about 60 s). */
  keepaliveMs?: number;
  /** Waits before each attempt to reconnect; the last one repeats. Empty: never reconnect. */
  reconnectDelaysMs?: number[];
  logger?: Logger;
  /** For tests, or for a transport of your own. */
  transport?: TransportFactory;
}

export type ClientState = 'idle' | 'connecting' | 'connected' | 'reconnecting' | 'closed';

export interface ClientEvents {
  state: [state: ClientState];
}

const defaultReconnectDelaysMs = [200, 1000, 2000, 4000, 5000];

function defaultTransport(url: string): Transport {
  return url.startsWith('http') ? new HttpTransport(url) : new WebSocketTransport(url);
}

export class Client extends Emitter<ClientEvents> {
  private currentState: ClientState = 'idle';
  private transport?: Transport;
  private readonly transactions: Transactions;
  private readonly sessions = new Map<number, Session>();
  private readonly log: Logger;
  private retryTimer?: ReturnType<typeof setTimeout>;

  constructor(private readonly options: ClientOptions) {
    super();
    this.log = options.logger ?? silentLogger;
    this.transactions = new Transactions(options.requestTimeoutMs ?? 10_000);
  }

  get state(): ClientState {
    return this.currentState;
  }

  /** Opens the connection. Rejects with ConnectionFailed; may be called again then. */
  async connect(): Promise<void> {
    if (this.currentState !== 'idle') {
      throw new CardeaError(ErrorReason.Closed, `connect() while ${this.currentState}`);
    }
    this.setState('connecting');
    try {
      await this.open();
    } catch (error) {
      this.setState('idle');
      throw error;
    }
    this.setState('connected');
  }

  /** What the server says about itself. */
  async info(): Promise<Record<string, unknown>> {
    return this.request({ janus: 'info' });
  }

  async createSession(): Promise<Session> {
    const answer = await this.request({ janus: 'create' });
    const id = Number(answer.data?.['id']);
    const session = new Session(
      id,
      {
        request: (message, awaitsEvent) => this.request(message, awaitsEvent),
        forget: () => this.sessions.delete(id),
        reconnect: () => this.reconnect(),
        connected: () => this.currentState === 'connected',
      },
      this.options.keepaliveMs ?? 25_000,
      this.log,
    );
    this.sessions.set(id, session);
    this.log.info(`session ${id} created`);
    return session;
  }

  /**
   * Sends one request and resolves with its answer.
   * @param awaitsEvent for requests that are acknowledged first and answered by an event later.
   */
  request(message: ClientMessage, awaitsEvent = false): Promise<ServerMessage> {
    if (this.currentState !== 'connected') {
      const reason =
        this.currentState === 'reconnecting' ? ErrorReason.ConnectionLost : ErrorReason.Closed;
      return Promise.reject(new CardeaError(reason, `no connection (${this.currentState})`));
    }
    return this.exchange(message, awaitsEvent);
  }

  /** Destroys all sessions on the server and closes the connection. */
  async close(): Promise<void> {
    if (this.currentState === 'closed') {
      return;
    }
    await Promise.allSettled([...this.sessions.values()].map((session) => session.destroy()));
    clearTimeout(this.retryTimer);
    this.setState('closed');
    this.transport?.close();
    this.transactions.rejectAll(new CardeaError(ErrorReason.Closed, 'the client was closed'));
  }

  private exchange(message: ClientMessage, awaitsEvent: boolean): Promise<ServerMessage> {
    const transaction = this.transactions.newId();
    const answer = this.transactions.add(transaction, awaitsEvent);
    const credentials = {
      ...(this.options.token !== undefined && { token: this.options.token }),
      ...(this.options.apiSecret !== undefined && { apisecret: this.options.apiSecret }),
    };
    try {
      this.transport?.send({ ...message, ...credentials, transaction });
    } catch {
      const error = new CardeaError(ErrorReason.ConnectionLost, 'the request could not be sent');
      this.transactions.reject(transaction, error);
    }
    return answer;
  }

  private async open(): Promise<void> {
    const transport = (this.options.transport ?? defaultTransport)(this.options.url);
    await transport.open({
      message: (message) => this.receive(message),
      lost: () => {
        if (this.transport === transport) {
          this.reconnect();
        }
      },
    });
    this.transport = transport;
  }

  private receive(message: ServerMessage): void {
    this.log.debug('received', message);
    if (this.transactions.settle(message) || message.session_id === undefined) {
      return;
    }
    this.sessions.get(message.session_id)?.receive(message);
  }

  private reconnect(): void {
    if (this.currentState !== 'connected') {
      return;
    }
    this.log.warn('connection lost');
    const old = this.transport;
    this.transport = undefined;
    old?.close();
    this.setState('reconnecting');
    this.transactions.rejectAll(
      new CardeaError(ErrorReason.ConnectionLost, 'the connection broke before the answer came'),
    );
    this.retry(0);
  }

  private retry(attempt: number): void {
    const delays = this.options.reconnectDelaysMs ?? defaultReconnectDelaysMs;
    const delay = delays[Math.min(attempt, delays.length - 1)];
    if (delay === undefined) {
      this.endSessions();
      this.setState('closed');
      return;
    }
    this.retryTimer = setTimeout(() => void this.attempt(attempt), delay);
  }

  private async attempt(attempt: number): Promise<void> {
    try {
      await this.open();
    } catch {
      if (this.currentState === 'reconnecting') {
        this.retry(attempt + 1);
      }
      return;
    }
    if (this.currentState !== 'reconnecting') {
      this.transport?.close();
      return;
    }
    this.setState('connected');
    this.log.info('connected again');
    await Promise.all([...this.sessions.values()].map((session) => session.claim()));
  }

  private endSessions(): void {
    for (const session of [...this.sessions.values()]) {
      session.lose();
    }
  }

  private setState(state: ClientState): void {
    this.currentState = state;
    this.emit('state', state);
  }
}
