// What a way to the server must offer. A transport carries whole messages and knows nothing of their meaning.
import type { ClientMessage, ServerMessage } from '../messages';

export interface TransportListener {
  message(message: ServerMessage): void;
  /** Called once, when the connection ends without `close()` having been called. */
  lost(): void;
}

export interface Transport {
  /** Resolves when messages can be sent; rejects with ConnectionFailed. */
  open(listener: TransportListener): Promise<void>;
  send(message: ClientMessage & { transaction: string }): void;
  /** Ends the connection; `lost` is not called for it. */
  close(): void;
}

export type TransportFactory = (url: string) => Transport;
