// Tells from successive summaries of one connection who speaks and what has stopped flowing.
import type { MediaSummary } from './stats';

export interface ActivityState {
  speaking: boolean;
  /** False when no audio (video) has come for a moment: the sender muted it, or the path is broken. */
  audioFlowing: boolean;
  videoFlowing: boolean;
}

const speakingLevel = 0.02;
// Longer than the gaps between words, so that the indicator does not flicker.
const speakingHoldMs = 900;
const stoppedMs = 1800;

export class Activity {
  private lastLoud = -Infinity;
  private audio: Flow = { packets: 0 };
  private video: Flow = { packets: 0 };

  /** @param now milliseconds of any steady clock. */
  update(summary: MediaSummary, now: number): ActivityState {
    if (summary.audioLevel > speakingLevel) {
      this.lastLoud = now;
    }
    return {
      speaking: now - this.lastLoud < speakingHoldMs,
      audioFlowing: flowing(this.audio, summary.audioPackets, now),
      videoFlowing: flowing(this.video, summary.videoPackets, now),
    };
  }
}

interface Flow {
  packets: number;
  changedAt?: number;
}

function flowing(flow: Flow, packets: number, now: number): boolean {
  if (packets !== flow.packets) {
    flow.changedAt = now;
  }
  flow.packets = packets;
  // The time before the first sample does not count: the connection was still being made.
  flow.changedAt ??= now;
  return now - flow.changedAt < stoppedMs;
}
