// The Janus API over plain HTTP: a POST per request, and one long poll per session for events.
import { CardeaError, ErrorReason } from '../errors';
import type { ClientMessage, ServerMessage } from '../messages';
import type { Transport, TransportListener } from './transport';

const eventsPerPoll = 10;
// A server that answers polls at once with an error must not be asked in a tight loop.
const pollRetryMs = 1000;
const pollFailuresUntilLost = 3;

export class HttpTransport implements Transport {
  private readonly abort = new AbortController();
  private readonly polling = new Set<number>();
  private listener?: TransportListener;
  private ended = false;

  /** @param url address of the API's root, as in `https://example.org/janus`. */
  constructor(private readonly url: string) {}

  async open(listener: TransportListener): Promise<void> {
    this.listener = listener;
    try {
      const response = await fetch(`${this.url}/info`, { signal: this.abort.signal });
      await response.json();
    } catch {
      throw new CardeaError(ErrorReason.ConnectionFailed, `no connection to ${this.url}`);
    }
  }

  send(message: ClientMessage & { transaction: string }): void {
    const path = [message.session_id, message.handle_id].filter((id) => id !== undefined);
    void this.post([this.url, ...path].join('/'), message);
  }

  close(): void {
    this.ended = true;
    this.abort.abort();
  }

  private async post(url: string, message: ClientMessage): Promise<void> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        body: JSON.stringify(message),
        signal: this.abort.signal,
      });
      const answer = (await response.json()) as ServerMessage;
      const session = message.janus === 'create' ? Number(answer.data?.['id']) : message.session_id;
      if (message.janus === 'destroy') {
        this.polling.delete(session ?? 0);
      } else if (session && answer.janus !== 'error' && !this.polling.has(session)) {
        this.polling.add(session);
        void this.poll(session, message);
      }
      this.listener?.message(answer);
    } catch {
      this.lose();
    }
  }

  private async poll(session: number, credentials: ClientMessage): Promise<void> {
    const query = new URLSearchParams({ maxev: String(eventsPerPoll) });
    for (const key of ['token', 'apisecret']) {
      if (typeof credentials[key] === 'string') {
        query.set(key, credentials[key]);
      }
    }
    let failures = 0;
    while (!this.ended && this.polling.has(session)) {
      try {
        query.set('rid', String(Date.now()));
        const response = await fetch(`${this.url}/${session}?${query}`, {
          signal: this.abort.signal,
        });
        const body = (await response.json()) as ServerMessage | ServerMessage[];
        const messages = Array.isArray(body) ? body : [body];
        failures = 0;
        for (const message of messages) {
          this.listener?.message(message);
          // As with a WebSocket, promises settled by one message run before the next is read.
          await new Promise((resolve) => setTimeout(resolve));
        }
        if (messages.some((message) => message.janus === 'error' || message.janus === 'timeout')) {
          this.polling.delete(session);
        }
      } catch {
        failures += 1;
        if (failures >= pollFailuresUntilLost) {
          this.lose();
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, pollRetryMs));
      }
    }
  }

  private lose(): void {
    if (!this.ended) {
      this.ended = true;
      this.listener?.lost();
    }
  }
}
