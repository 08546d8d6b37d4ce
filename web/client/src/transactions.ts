// Requests under way: matches each answer to its request by the transaction string.
import { CardeaError, ErrorReason } from './errors';
import type { ServerMessage } from './messages';

interface Pending {
  resolve(message: ServerMessage): void;
  reject(error: CardeaError): void;
  timer: ReturnType<typeof setTimeout>;
  awaitsEvent: boolean;
}

export class Transactions {
  private readonly pending = new Map<string, Pending>();

  /** @param timeoutMs how long a request may take, acknowledged or not. */
  constructor(private readonly timeoutMs: number) {}

  /** A string that no request under way uses. */
  newId(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(9));
    return Array.from(bytes, (byte) => byte.toString(36).padStart(2, '0')).join('');
  }

  /**
   * @param awaitsEvent true if an `ack` is not the answer but an `event` follows. An event that overtakes its ack
   * settles the request too, as does a `success`.
   */
  add(id: string, awaitsEvent: boolean): Promise<ServerMessage> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.pending.delete(id);
        reject(new CardeaError(ErrorReason.Timeout, `no answer within ${this.timeoutMs} ms`));
      }, this.timeoutMs);
      this.pending.set(id, { resolve, reject, timer, awaitsEvent });
    });
  }

  /** True if the message answered a request (or acknowledged one); false if it is for somebody else. */
  settle(message: ServerMessage): boolean {
    const id = message.transaction;
    const pending = id === undefined ? undefined : this.pending.get(id);
    if (id === undefined || !pending) {
      // The ack of a request that its event has answered already carries nothing for anybody.
      return message.janus === 'ack';
    }
    if (message.janus === 'ack' && pending.awaitsEvent) {
      return true;
    }
    this.forget(id, pending);
    if (message.janus === 'error') {
      pending.reject(
        CardeaError.fromJanus(message.error?.code ?? 0, message.error?.reason ?? 'unknown error'),
      );
    } else {
      pending.resolve(message);
    }
    return true;
  }

  reject(id: string, error: CardeaError): void {
    const pending = this.pending.get(id);
    if (pending) {
      this.forget(id, pending);
      pending.reject(error);
    }
  }

  rejectAll(error: CardeaError): void {
    for (const [id, pending] of [...this.pending]) {
      this.forget(id, pending);
      pending.reject(error);
    }
  }

  private forget(id: string, pending: Pending): void {
    clearTimeout(pending.timer);
    this.pending.delete(id);
  }
}
