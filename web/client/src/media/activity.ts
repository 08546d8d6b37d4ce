// Tells from successive summaries of one connection who speaks and what has stopped flowing.
import type { MediaSummary } from './stats';

export interface ActivityState {
  speaking: boolean;
  /** False when audio (video) flowed once and then stopped: the sender muted it, or the path is broken. */
  audioFlowing: boolean;
  videoFlowing: boolean;
}

const speakingLevel = 0.02;
// Longer than the gaps between words, so that the indicator does not flicker.
const speakingHoldMs = 900;
const stoppedMs = 1800;

export class Activity {
  private lastLoud = -Infinity;
  private audio = { packets: 0, changedAt: 0 };
  private video = { packets: 0, changedAt: 0 };

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

function flowing(flow: { packets: number; changedAt: number }, packets: number, now: number): boolean {
  if (packets !== flow.packets) {
    flow.packets = packets;
    flow.changedAt = now;
  }
  return packets === 0 || now - flow.changedAt < stoppedMs;
}
