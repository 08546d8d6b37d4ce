// The Janus API over a WebSocket with the subprotocol `janus-protocol`.
import { CardeaError, ErrorReason } from '../errors';
import { parseMessage, type ClientMessage } from '../messages';
import type { Transport, TransportListener } from './transport';

export class WebSocketTransport implements Transport {
  private socket?: WebSocket;
  private closed = false;

  /** @param url `ws:` or `wss:` address of the server. */
  constructor(private readonly url: string) {}

  open(listener: TransportListener): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (): void =>
        reject(new CardeaError(ErrorReason.ConnectionFailed, `no connection to ${this.url}`));
      let socket: WebSocket;
      try {
        socket = new WebSocket(this.url, 'janus-protocol');
      } catch {
        fail();
        return;
      }
      this.socket = socket;
      let opened = false;
      socket.onopen = () => {
        opened = true;
        resolve();
      };
      socket.onmessage = (event: MessageEvent) => {
        const message = typeof event.data === 'string' ? parseMessage(event.data) : undefined;
        if (message) {
          listener.message(message);
        }
      };
      socket.onclose = () => {
        if (!opened) {
          fail();
        } else if (!this.closed) {
          listener.lost();
        }
      };
    });
  }

  send(message: ClientMessage & { transaction: string }): void {
    if (this.socket?.readyState !== WebSocket.OPEN) {
      throw new CardeaError(ErrorReason.ConnectionLost, 'the WebSocket is not open');
    }
    this.socket.send(JSON.stringify(message));
  }

  close(): void {
    this.closed = true;
    this.socket?.close();
  }
}
