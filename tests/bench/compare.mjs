// Compares Cardea with Debian's janus (one event loop, ICE-lite) in one run: one publisher, many viewers, in one network
// namespace. Needs root. Prints the figures of both and their ratios.
//
//   node tests/bench/compare.mjs [--subscribers 100] [--seconds 10] [--only cardea|janus] [--json]
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startJanus } from '../support/janus.mjs';
import { createNamespace } from '../support/netns.mjs';
import { buildFolder, startServer } from '../support/server.mjs';
import { measureRoom } from './room_load.mjs';

const { values } = parseArgs({
  options: {
    subscribers: { type: 'string', default: '100' },
    seconds: { type: 'string', default: '10' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const options = { subscribers: Number(values.subscribers), seconds: Number(values.seconds) };

const starts = {
  cardea: (namespace) => startServer({ within: namespace, env: { CARDEA_LIMITS_ENABLED: 'no', CARDEA_JANUS_OPEN: 'yes' } }),
  janus: (namespace) => startJanus({ within: namespace, eventLoops: 1, iceLite: true }),
};

async function measure(name) {
  const namespace = await createNamespace();
  try {
    const server = await starts[name](namespace);
    try {
      const load = namespace.command(join(buildFolder(), 'bin', 'cardea_load'), []);
      return await measureRoom(server, load, options);
    } finally {
      await server.stop();
    }
  } finally {
    await namespace.remove();
  }
}

const results = {};
for (const name of values.only ? [values.only] : Object.keys(starts)) {
  results[name] = await measure(name);
}
if (results.cardea && results.janus) {
  const ratio = (figure) => figure(results.cardea) / figure(results.janus);
  results.ratio = {
    cpu_us_per_packet: ratio((r) => r.cpu_us_per_packet),
    delay_p50: ratio((r) => r.delay_us.p50),
    delay_p99: ratio((r) => r.delay_us.p99),
    memory_per_participant: ratio((r) => r.memory_per_participant),
  };
}
if (values.json) {
  console.log(JSON.stringify(results));
} else {
  for (const [name, figures] of Object.entries(results)) {
    console.log(name);
    console.table(figures);
  }
}
