// What is done to the lines of a call, and which figures count. Each case leaves the lines as they were.
import { sleep } from '../support/process.mjs';
import { figures, until, untilHeard, untilShown } from './figures.mjs';

const high = 360;

/** Runs `act` and gives what the viewers noted from its begin until some time after it, as figures. */
async function watched(viewers, act) {
  const from = await Promise.all(viewers.map((viewer) => viewer.now()));
  await act();
  const to = await Promise.all(viewers.map((viewer) => viewer.now()));
  return Promise.all(
    viewers.map(async (viewer, index) => {
      const notes = await viewer.notes(from[index] - 1000);
      return { notes, from: from[index], to: to[index], ...figures(notes, from[index], to[index]) };
    }),
  );
}

const told = ({ frozen, longest, madeUp, heights, kbits, plis, nacks }) => ({ frozen, longest, madeUp, heights, kbits, plis, nacks });

async function lossToViewer({ viewers }, seconds) {
  const [{ link }] = viewers;
  link.set({ down: { loss: 0.05 } });
  const [seen] = await watched(viewers.slice(0, 1), () => sleep(seconds * 1000));
  link.set({ down: { loss: 0 } });
  return told(seen);
}

async function lossFromPublisher({ publisher, viewers }, seconds) {
  publisher.link.set({ up: { loss: 0.05 } });
  const seen = await watched(viewers, () => sleep(seconds * 1000));
  publisher.link.set({ up: { loss: 0 } });
  // The worst of them counts.
  return told(seen.sort((a, b) => b.frozen - a.frozen)[0]);
}

async function thinDownlink({ viewers }, seconds) {
  const [{ link }, ...others] = viewers;
  link.set({ down: { rate: 300_000 } });
  const [seen, ...rest] = await watched(viewers, () => sleep(seconds * 1000));
  link.set({ down: { rate: 0 } });
  const back = await viewers[0].now();
  await sleep(12_000);
  const after = await viewers[0].notes(back);
  return {
    ...told(seen),
    fits: until(seen.notes, seen.from, ({ height }) => height < high),
    back: until(after, back, ({ height }) => height === high),
    ...(others.length > 0 && {
      othersFrozen: Math.max(...rest.map(({ frozen }) => frozen)),
      othersHeights: [...new Set(rest.flatMap(({ heights }) => heights))],
    }),
  };
}

async function blackHole({ viewers: [viewer] }, seconds) {
  const hole = (on) => viewer.link.set({ down: { hole: on }, up: { hole: on } });
  hole(1);
  await sleep(seconds * 1000);
  const back = await viewer.now();
  hole(0);
  await sleep(5000);
  const notes = await viewer.notes(back - 500);
  return { video: untilShown(notes, back), audio: untilHeard(notes, back) };
}

const rebound = (who) => async (call, seconds) => {
  const person = who === 'publisher' ? call.publisher : call.viewers[0];
  const [seen] = await watched(call.viewers.slice(0, 1), async () => {
    await sleep(1000);
    person.link.rebind();
    await sleep(seconds * 1000);
  });
  return { longest: seen.longest, madeUp: seen.madeUp };
};

async function jitter({ viewers }, seconds) {
  const [{ link }] = viewers;
  link.set({ down: { jitter: 30, reorder: 0.02 } });
  const [seen] = await watched(viewers.slice(0, 1), () => sleep(seconds * 1000));
  link.set({ down: { jitter: 0, reorder: 0 } });
  return told(seen);
}

const most = (limits) => (seen) =>
  Object.entries(limits)
    .filter(([key, limit]) => !(seen[key] <= limit))
    .map(([key, limit]) => `${key} ${seen[key]} > ${limit}`);

const highOnly = (heights) => (heights.length === 1 && heights[0] === high ? [] : [`layers ${heights}`]);

/**
 * By name: ms of round trip, what is done (with seconds of it), and what of the figures is too much; percentages of time or
 * sound, ms.
 */
export const cases = {
  'loss 5 % to a viewer': { roundTrip: 40, seconds: 30, run: lossToViewer, faults: most({ frozen: 2, madeUp: 1 }) },
  'loss 5 % to a viewer, 150 ms': { roundTrip: 150, seconds: 30, run: lossToViewer, faults: most({ frozen: 5, madeUp: 1 }) },
  'loss 5 % from the publisher': { roundTrip: 40, seconds: 30, run: lossFromPublisher, faults: most({ frozen: 5 }) },
  'downlink of 300 kbit/s': {
    roundTrip: 40,
    seconds: 20,
    run: thinDownlink,
    faults: (seen) => [
      ...most({ frozen: 5, madeUp: 3, fits: 2000, back: 10_000, othersFrozen: 1 })(seen),
      ...highOnly(seen.othersHeights ?? [high]),
    ],
  },
  'nothing passes for 5 s': { roundTrip: 40, seconds: 5, run: blackHole, faults: most({ video: 1000, audio: 500 }) },
  'another port of a viewer': { roundTrip: 40, seconds: 6, run: rebound('viewer'), faults: most({ longest: 3000 }) },
  'another port of the publisher': { roundTrip: 40, seconds: 6, run: rebound('publisher'), faults: most({ longest: 3000 }) },
  'jitter of 30 ms, 2 % reordered': {
    roundTrip: 40,
    seconds: 20,
    run: jitter,
    faults: (seen) => [...most({ frozen: 0 })(seen), ...highOnly(seen.heights)],
  },
};
