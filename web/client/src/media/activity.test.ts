import { expect, it } from 'vitest';
import { Activity } from './activity';
import { summarize } from './stats';

const summary = (audioLevel: number, audioPackets: number, videoPackets = 0) => ({
  ...summarize([]),
  audioLevel,
  audioPackets,
  videoPackets,
});

it('somebody speaks until a moment after the last loud sample', () => {
  const activity = new Activity();
  expect(activity.update(summary(0.2, 10), 1000).speaking).toBe(true);
  expect(activity.update(summary(0, 20), 1500).speaking).toBe(true);
  expect(activity.update(summary(0, 40), 2500).speaking).toBe(false);
});

it('media that stopped, or did not come for a moment, is taken for muted', () => {
  const activity = new Activity();
  const at = (now: number, audioPackets: number, videoPackets = 0) => {
    const { audioFlowing, videoFlowing } = activity.update(
      summary(0, audioPackets, videoPackets),
      now,
    );
    return [audioFlowing, videoFlowing];
  };
  expect(at(10_000, 0)).toEqual([true, true]);
  expect(at(11_000, 50)).toEqual([true, true]);
  expect(at(12_000, 50)).toEqual([true, false]);
  expect(at(13_000, 50, 1)).toEqual([false, true]);
  expect(at(13_400, 51, 2)).toEqual([true, true]);
});

it('a report is summed up by kind', () => {
  const report: [string, unknown][] = [
    [
      'a',
      { type: 'inbound-rtp', kind: 'audio', packetsReceived: 5, audioLevel: 0.3, packetsLost: 1 },
    ],
    ['v', { type: 'inbound-rtp', kind: 'video', packetsReceived: 7, framesDecoded: 3 }],
    ['p', { type: 'candidate-pair', nominated: true, currentRoundTripTime: 0.04 }],
  ];
  expect(summarize(report)).toEqual({
    audioLevel: 0.3,
    audioPackets: 5,
    videoPackets: 7,
    framesDecoded: 3,
    packetsLost: 1,
    roundTripTime: 0.04,
  });
});
