// Measures calls over bad lines with Chromium on both sides and prints one table: medians, and whether they are good enough.
//
//   node tests/impaired/measure.mjs [--runs 3] [--only TEXT] [--json] [--keep FOLDER]
//
// Ends with 1 when a median is out of its bounds. `--keep`: the notes of each run as JSON.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { settle, startCall } from './call.mjs';
import { cases } from './cases.mjs';
import { median } from './figures.mjs';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '3' },
    only: { type: 'string', default: '' },
    json: { type: 'boolean', default: false },
    keep: { type: 'string' },
  },
});
const wanted = Object.entries(cases).filter(([name]) => name.includes(values.only));

/** All wanted cases of one round trip in one call. */
async function runAll(roundTrip, results) {
  const call = await startCall({ roundTrip });
  try {
    for (const [name, { seconds, run, roundTrip: own }] of wanted) {
      if (own === roundTrip) {
        await settle(call);
        const seen = await run(call, seconds);
        results.push({ name, seen });
        console.error(name, JSON.stringify(seen));
      }
    }
  } finally {
    await call.close();
  }
}

function summary(name, seen) {
  const out = {};
  for (const key of Object.keys(seen[0])) {
    const all = seen.map((one) => one[key]);
    out[key] = typeof all[0] === 'number' ? Number(median(all).toFixed(2)) : all.at(-1);
  }
  out.faults = cases[name].faults(out).join('; ');
  return out;
}

const results = [];
for (let i = 0; i < Number(values.runs); i += 1) {
  for (const roundTrip of new Set(wanted.map(([, one]) => one.roundTrip))) {
    await runAll(roundTrip, results);
  }
}
if (values.keep) {
  await mkdir(values.keep, { recursive: true });
  await writeFile(join(values.keep, 'impaired.json'), JSON.stringify(results, undefined, 1));
}
const table = Object.fromEntries(
  wanted.map(([name]) => [name, summary(name, results.filter((one) => one.name === name).map(({ seen }) => seen))]),
);
if (values.json) {
  console.log(JSON.stringify(table));
} else {
  for (const [name, line] of Object.entries(table)) {
    console.log(name, line);
  }
}
process.exitCode = Object.values(table).some(({ faults }) => faults !== '') ? 1 : 0;
