// How long a ping takes while many WebSocket sessions rest: Cardea against Debian's janus, one after the other. Prints the
// figures of both. The more idle the machine, the truer they are.
//
//   node tests/bench/idle_websockets.mjs [--sessions 10000] [--pings 3000] [--only cardea|janus] [--json]
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import WebSocket from 'ws';
import { startJanus } from '../support/janus.mjs';
import { cpuMs, residentBytes } from '../support/metrics.mjs';
import { sleep } from '../support/process.mjs';
import { startServer } from '../support/server.mjs';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '10000' },
    pings: { type: 'string', default: '3000' },
    only: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});
const sessions = Number(values.sessions);
const pings = Number(values.pings);
const restMs = 5000;
const pauseMs = 2; // between two pings

const starts = {
  cardea: () =>
    startServer({ env: { CARDEA_LIMITS_ENABLED: 'no', CARDEA_JANUS_SESSION_TIMEOUT: '0' } }),
  janus: () => startJanus({ general: { session_timeout: 0 } }),
};

/** Round trips in ms, in order. */
async function roundTrips(url, count) {
  const socket = new WebSocket(url, 'janus-protocol');
  await once(socket, 'open');
  const times = [];
  for (let i = 0; i < count; ++i) {
    const began = performance.now();
    socket.send(`{"janus":"ping","transaction":"${i}"}`);
    await once(socket, 'message');
    times.push(performance.now() - began);
    await sleep(pauseMs);
  }
  socket.close();
  return times.sort((a, b) => a - b);
}

/** The idle ones live in a process of their own, so that their upkeep is not measured. */
async function holdSessions(url, count) {
  const child = fork(fileURLToPath(new URL('idle_clients.mjs', import.meta.url)), [
    url,
    String(count),
  ]);
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(([code]) => [{ error: `ended with ${code}` }]),
  ]);
  if (message.error) {
    throw new Error(`idle clients: ${message.error}`);
  }
  return child;
}

async function measure(name) {
  const server = await starts[name]();
  let holder;
  try {
    const at = (times, share) => Number(times[Math.floor(times.length * share)].toFixed(3));
    const alone = await roundTrips(server.websocketUrl, Math.ceil(pings / 3));
    const before = residentBytes(server.pid);
    const began = performance.now();
    holder = await holdSessions(server.websocketUrl, sessions);
    const seconds = (performance.now() - began) / 1000;
    const cpu = cpuMs(server.pid);
    await sleep(restMs);
    const rest = (cpuMs(server.pid) - cpu) / restMs;
    const crowded = await roundTrips(server.websocketUrl, pings);
    return {
      ping_alone_p50_ms: at(alone, 0.5),
      ping_alone_p99_ms: at(alone, 0.99),
      ping_p50_ms: at(crowded, 0.5),
      ping_p99_ms: at(crowded, 0.99),
      ping_worst_ms: at(crowded, 0.9999),
      idle_cpu_percent: Number((rest * 100).toFixed(1)),
      kib_per_session: Number(((residentBytes(server.pid) - before) / 1024 / sessions).toFixed(1)),
      sessions_per_second: Math.round(sessions / seconds),
    };
  } finally {
    holder?.kill();
    await server.stop();
  }
}

const results = {};
for (const name of values.only ? [values.only] : Object.keys(starts)) {
  results[name] = await measure(name);
}
console.log(values.json ? JSON.stringify(results) : '');
if (!values.json) {
  console.table(results);
}
