// Boils the statistics of one RTCPeerConnection down to what a user interface shows.

/** Counters grow from the start of the connection; compare two summaries for rates. */
export interface MediaSummary {
  /** 0 (silence) to 1; what is received, or what is sent if nothing is received. */
  audioLevel: number;
  audioPackets: number;
  videoPackets: number;
  framesDecoded: number;
  packetsLost: number;
  /** Seconds, from the selected candidate pair; undefined until known. */
  roundTripTime?: number;
}

interface AnyStats {
  type: string;
  kind?: string;
  audioLevel?: number;
  packetsReceived?: number;
  packetsLost?: number;
  framesDecoded?: number;
  nominated?: boolean;
  currentRoundTripTime?: number;
}

export function summarize(report: Iterable<[string, unknown]>): MediaSummary {
  const summary: MediaSummary = {
    audioLevel: 0,
    audioPackets: 0,
    videoPackets: 0,
    framesDecoded: 0,
    packetsLost: 0,
  };
  let sentLevel = 0;
  let receives = false;
  for (const [, value] of report) {
    const stats = value as AnyStats;
    if (stats.type === 'inbound-rtp') {
      receives = true;
      summary.packetsLost += stats.packetsLost ?? 0;
      if (stats.kind === 'audio') {
        summary.audioPackets += stats.packetsReceived ?? 0;
        summary.audioLevel = Math.max(summary.audioLevel, stats.audioLevel ?? 0);
      } else {
        summary.videoPackets += stats.packetsReceived ?? 0;
        summary.framesDecoded += stats.framesDecoded ?? 0;
      }
    } else if (stats.type === 'media-source' && stats.kind === 'audio') {
      sentLevel = Math.max(sentLevel, stats.audioLevel ?? 0);
    } else if (
      stats.type === 'candidate-pair' &&
      stats.nominated &&
      stats.currentRoundTripTime !== undefined
    ) {
      summary.roundTripTime = stats.currentRoundTripTime;
    }
  }
  if (!receives) {
    summary.audioLevel = sentLevel;
  }
  return summary;
}
