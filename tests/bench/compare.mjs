// Compares Cardea, Debian's janus as shipped and with one event loop, and a bare loop that only opens, seals and sends:
// interleaved, in one run, in a network namespace each. Needs root, and a machine that does nothing else.
//
//   node tests/bench/compare.mjs [--shapes 1x1,1x100,1x500,10x6,50x2] [--profiles gcm,cm] [--rounds 3] [--seconds 5]
//     [--servers cardea,janus1,janus,loop] [--idle 2000] [--json]
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { startJanus } from '../support/janus.mjs';
import { createNamespace } from '../support/netns.mjs';
import { buildFolder, startServer } from '../support/server.mjs';
import { measureRooms } from './room_load.mjs';

const { values } = parseArgs({
  options: {
    shapes: { type: 'string', default: '1x1,1x100,1x500,10x6,50x2' },
    profiles: { type: 'string', default: 'gcm,cm' },
    servers: { type: 'string', default: 'cardea,janus1,janus,loop' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '5' },
    idle: { type: 'string', default: '0' },
    json: { type: 'boolean', default: false },
  },
});
const list = (name) => values[name].split(',');
const tool = (name) => join(buildFolder(), 'bin', name);

const starts = {
  cardea: (within) => startServer({ within, env: { CARDEA_LIMITS_ENABLED: 'no', CARDEA_JANUS_OPEN: 'yes' } }),
  janus1: (within) => startJanus({ within, eventLoops: 1, iceLite: true }),
  janus: (within) => startJanus({ within, iceLite: true }),
};

/** The loop has one publisher; a room of six is five viewers to it. */
async function measureLoop(shape, profile) {
  const [rooms, size] = shape.split('x').map(Number);
  const viewers = rooms === 1 ? size : size - 1;
  const namespace = await createNamespace();
  try {
    // At the address that the servers have: where the kernel caches no route, nobody's is cached.
    const args = [String(viewers), values.seconds, profile, namespace.address];
    const { stdout } = await promisify(execFile)(...namespace.command(tool('bare_loop_bench'), args));
    return JSON.parse(stdout);
  } finally {
    await namespace.remove();
  }
}

async function measure(name, shape, profile) {
  if (name === 'loop') {
    return measureLoop(shape, profile);
  }
  const namespace = await createNamespace();
  try {
    const server = await starts[name](namespace);
    try {
      const load = namespace.command(tool('cardea_load'), profile === 'cm' ? ['--cm'] : []);
      const options = { shape, seconds: Number(values.seconds), idle: Number(values.idle) };
      return await measureRooms(server, load, options);
    } finally {
      await server.stop();
    }
  } finally {
    await namespace.remove();
  }
}

function median(numbers) {
  const sorted = numbers.filter((number) => Number.isFinite(number)).sort((a, b) => a - b);
  return sorted.length === 0 ? undefined : sorted[Math.floor(sorted.length / 2)];
}

/** Each figure's median over the rounds. */
function medians(rounds) {
  const names = Object.keys(rounds[0]).filter((name) => typeof rounds[0][name] === 'number');
  return Object.fromEntries(names.map((name) => [name, median(rounds.map((round) => round[name]))]));
}

const rows = [];
for (const shape of list('shapes')) {
  for (const profile of list('profiles')) {
    const rounds = Object.fromEntries(list('servers').map((name) => [name, []]));
    for (let round = 0; round < Number(values.rounds); ++round) {
      for (const name of list('servers')) {
        rounds[name].push(await measure(name, shape, profile));
      }
    }
    for (const name of list('servers')) {
      rows.push({ shape, profile, server: name, ...medians(rounds[name]) });
      console.error(JSON.stringify(rows.at(-1))); // a run takes an hour: what is known is told at once
    }
  }
}

const figure = (number, digits) => (Number.isFinite(number) ? number.toFixed(digits) : '-');
/** Cardea's figure over that of another server at the same shape. */
function ratio(row, name, key) {
  const other = rows.find(({ shape, profile, server }) => shape === row.shape && profile === row.profile && server === name);
  return row.server === 'cardea' && other?.[key] ? figure(row[key] / other[key], 2) : '-';
}

if (values.json) {
  console.log(JSON.stringify(rows));
} else {
  console.log('| shape | profile | server | µs/packet | packets/s/core | p50 µs | p99 µs | KiB/participant | connections/s | missing | CPU to janus1 | CPU to loop | memory to janus1 |');
  console.log('|---|---|---|---|---|---|---|---|---|---|---|---|---|');
  for (const row of rows) {
    const cells = [
      row.shape,
      row.profile,
      row.server,
      figure(row.cpu_us_per_packet, 2),
      figure(row.packets_per_core_second ?? 1e6 / row.cpu_us_per_packet, 0),
      figure(row.delay_us_p50, 0),
      figure(row.delay_us_p99, 0),
      figure(row.memory_per_participant / 1024, 0),
      figure(row.connections_per_second, 0),
      row.missing === undefined ? '-' : `${figure(row.missing * 100, 2)} %`,
      ratio(row, 'janus1', 'cpu_us_per_packet'),
      ratio(row, 'loop', 'cpu_us_per_packet'),
      ratio(row, 'janus1', 'memory_per_participant'),
    ];
    console.log(`| ${cells.join(' | ')} |`);
  }
}
