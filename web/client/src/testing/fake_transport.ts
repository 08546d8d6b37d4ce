// A transport for unit tests: keeps what is sent, and says what the test tells it to say.
import type { ClientMessage, ServerMessage } from '../messages';
import type { Transport, TransportListener } from '../transport/transport';

export type Sent = ClientMessage & { transaction: string; body?: Record<string, unknown> };

/** The server's side of any number of connections that a client makes one after the other. */
export class FakeServer {
  readonly sent: Sent[] = [];
  /** Connections refused from now on. */
  down = false;
  connections = 0;
  private listener?: TransportListener;
  private responder: (message: Sent) => ServerMessage | ServerMessage[] | undefined = () =>
    undefined;

  readonly factory = (): Transport => ({
    open: async (listener) => {
      if (this.down) {
        throw new Error('refused');
      }
      this.connections += 1;
      this.listener = listener;
    },
    send: (message) => {
      this.sent.push(message);
      const answers = this.responder(message);
      for (const answer of answers ? [answers].flat() : []) {
        setTimeout(() => this.say({ transaction: message.transaction, ...answer }));
      }
    },
    close: () => {},
  });

  /** Answers of the server, by request; nothing is answered where this returns undefined. */
  respond(responder: (message: Sent) => ServerMessage | ServerMessage[] | undefined): void {
    this.responder = responder;
  }

  say(message: ServerMessage): void {
    this.listener?.message(message);
  }

  breakConnection(): void {
    this.listener?.lost();
  }

  get last(): Sent | undefined {
    return this.sent[this.sent.length - 1];
  }
}

/** What any server answers to the verbs of sessions and handles; handle ids count up from 100. */
export function basicResponder(): (message: Sent) => ServerMessage | undefined {
  let handles = 99;
  return (message) => {
    const session = { ...(message.session_id !== undefined && { session_id: message.session_id }) };
    switch (message.janus) {
      case 'create':
        return { janus: 'success', data: { id: 1 } };
      case 'attach':
        return { janus: 'success', ...session, data: { id: (handles += 1) } };
      case 'keepalive':
      case 'trickle':
        return { janus: 'ack', ...session };
      case 'claim':
      case 'detach':
      case 'destroy':
      case 'hangup':
        return { janus: 'success', ...session };
      default:
        return undefined;
    }
  };
}
