// What a viewer's notes (page.js) say: how long the picture stood, how much sound was made up, which layer came when.

/** A gap between shown pictures that people see: as getStats() counts freezes, but also while it lasts. */
const freezeMs = (rate) => Math.max(3 * (1000 / rate), 1000 / rate + 150);

const percent = (part, whole) => (whole > 0 ? (100 * part) / whole : 0);

/** @param {number[]} frames times of shown pictures. @returns the gaps that count as freezes. */
export function freezes(frames, from, to, rate = 20) {
  const times = [from, ...frames.filter((at) => at > from && at < to), to];
  const gaps = times.slice(1).map((at, index) => ({ at: times[index], length: at - times[index] }));
  return gaps.filter((gap) => gap.length > freezeMs(rate));
}

/** The figures of one viewer over a time; percentages and ms. */
export function figures(notes, from, to) {
  const inside = notes.samples.filter(({ at }) => at >= from && at <= to);
  const [first, last] = [inside[0], inside.at(-1)];
  const grown = (key) => (last?.[key] ?? 0) - (first?.[key] ?? 0);
  const frozen = freezes(notes.frames, from, to);
  const sum = frozen.reduce((total, { length }) => total + length, 0);
  return {
    seconds: (to - from) / 1000,
    frozen: percent(sum, to - from),
    frozenByStats: percent(grown('freezes') * 1000, to - from),
    longest: Math.max(0, ...frozen.map(({ length }) => length)),
    madeUp: percent(grown('concealed'), grown('samples')),
    decoded: grown('decoded'),
    kbits: (grown('videoBytes') * 8) / (to - from),
    heights: [...new Set(inside.map(({ height }) => height))],
    plis: grown('plis'),
    nacks: grown('nacks'),
  };
}

/** ms from `from` until the first sample after which `fits` holds; Infinity if it never does. */
export function until(notes, from, fits) {
  const found = notes.samples.find((sample) => sample.at >= from && fits(sample));
  return found ? found.at - from : Infinity;
}

/** ms from `from` until a picture was shown that came after it. */
export function untilShown(notes, from) {
  const found = notes.frames.find((at) => at > from);
  return found === undefined ? Infinity : found - from;
}

/** ms from `from` until sound packets came again. */
export function untilHeard(notes, from) {
  const before = notes.samples.filter(({ at }) => at <= from).at(-1)?.heard ?? 0;
  return until(notes, from, ({ heard }) => heard > before);
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
