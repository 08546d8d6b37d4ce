// The other people of a room: who is there, and a subscription for each one who publishes.
import { CardeaError, ErrorReason } from '../errors';
import type { Handle } from '../handle';
import type { Logger } from '../log';
import { Participant, type StreamInfo } from './participant';
import { Subscription, type SubscribeRequest } from './subscription';

export interface FeedsListener {
  joined(participant: Participant): void;
  left(participant: Participant): void;
}

interface Entry {
  participant: Participant;
  /** Counts up with each subscription, so that a late answer to an old one is recognized. */
  generation: number;
  subscription?: Subscription;
  retries: number;
  retryTimer?: ReturnType<typeof setTimeout>;
}

const maxRetries = 5;
const retryMs = 1000;

export class Feeds {
  private readonly entries = new Map<number, Entry>();
  private closed = false;

  constructor(
    private readonly attach: () => Promise<Handle>,
    private readonly base: Omit<SubscribeRequest, 'feed'>,
    private readonly rtc: RTCConfiguration,
    private readonly listener: FeedsListener,
    private readonly log: Logger,
  ) {}

  get participants(): Participant[] {
    return [...this.entries.values()].map((entry) => entry.participant);
  }

  /** Somebody is in the room, publishing or not. */
  add(item: Record<string, unknown>): Entry | undefined {
    const id = Number(item['id']);
    const display = typeof item['display'] === 'string' ? item['display'] : '';
    let entry = this.entries.get(id);
    if (!entry && Number.isFinite(id) && item['dummy'] !== true) {
      entry = { participant: new Participant(id, display), generation: 0, retries: 0 };
      this.entries.set(id, entry);
      this.listener.joined(entry.participant);
    }
    return entry;
  }

  /** Somebody publishes, or publishes other streams than before. */
  publish(item: Record<string, unknown>): void {
    const entry = this.add(item);
    if (!entry) {
      return;
    }
    const streams = Array.isArray(item['streams']) ? (item['streams'] as StreamInfo[]) : [];
    const display =
      typeof item['display'] === 'string' ? item['display'] : entry.participant.display;
    if (entry.participant.describe(display, streams) || !entry.subscription) {
      entry.retries = 0;
      void this.subscribe(entry);
    }
  }

  unpublish(id: number): void {
    const entry = this.entries.get(id);
    if (entry) {
      this.drop(entry);
      entry.participant.describe(entry.participant.display, []);
    }
  }

  remove(id: number): void {
    const entry = this.entries.get(id);
    if (entry) {
      this.drop(entry);
      this.entries.delete(id);
      this.listener.left(entry.participant);
    }
  }

  /** Compares with the server's list of participants, in which one's own `self` stands too. */
  reconcile(list: Record<string, unknown>[], self: number): void {
    const present = new Set(list.map((item) => Number(item['id'])));
    for (const id of [...this.entries.keys()]) {
      if (!present.has(id)) {
        this.remove(id);
      }
    }
    for (const item of list) {
      if (Number(item['id']) !== self) {
        const entry = this.add(item);
        if (entry && item['publisher'] === true && !entry.subscription) {
          // The list does not say which streams; assume both until a `publishers` event tells.
          entry.participant.describe(entry.participant.display, [
            { type: 'audio', mid: '0' },
            { type: 'video', mid: '1' },
          ]);
          void this.subscribe(entry);
        }
      }
    }
  }

  /** Looks at the statistics of all subscriptions. @param now milliseconds of a steady clock. */
  async sample(now: number): Promise<void> {
    await Promise.all(
      [...this.entries.values()].map(async ({ subscription, participant }) => {
        const state = await subscription?.sample(now).catch(() => undefined);
        if (state) {
          participant.report(state);
        }
      }),
    );
  }

  close(): void {
    this.closed = true;
    for (const entry of this.entries.values()) {
      this.drop(entry);
    }
    this.entries.clear();
  }

  private async subscribe(entry: Entry): Promise<void> {
    this.drop(entry);
    const generation = entry.generation;
    try {
      const handle = await this.attach();
      if (generation !== entry.generation || this.closed) {
        handle.detach().catch(() => {});
        return;
      }
      const subscription = new Subscription(
        handle,
        this.rtc,
        {
          track: (track) => entry.participant.addTrack(track),
          failed: () => this.retry(entry, generation),
        },
        this.log,
      );
      entry.subscription = subscription;
      await subscription.start({ ...this.base, feed: entry.participant.id });
    } catch (error) {
      const reason = error instanceof CardeaError ? error.reason : undefined;
      this.log.warn(`no media from ${entry.participant.id}`, error);
      if (reason !== ErrorReason.FeedNotFound && reason !== ErrorReason.Closed) {
        this.retry(entry, generation);
      }
    }
  }

  private retry(entry: Entry, generation: number): void {
    if (generation !== entry.generation || this.closed || entry.retries >= maxRetries) {
      return;
    }
    this.drop(entry);
    entry.retries += 1;
    entry.retryTimer = setTimeout(() => void this.subscribe(entry), retryMs * entry.retries);
  }

  private drop(entry: Entry): void {
    entry.generation += 1;
    clearTimeout(entry.retryTimer);
    entry.subscription?.close();
    delete entry.subscription;
    entry.participant.clearMedia();
  }
}
