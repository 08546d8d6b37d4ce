// One publisher and many synthetic viewers in one room of a Janus-like server, and what they cost the server.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { JanusClient } from '../support/janus_client.mjs';
import { sleep, startProcess } from '../support/process.mjs';
import { publisherOffer, remoteOf, viewerAnswer } from './sdp.mjs';

const plugin = 'janus.plugin.videoroom';
const ticksPerSecond = 100; // USER_HZ of every Linux that Debian builds
const handlesPerSession = 40;
const warmUpMs = 2_000;

/** The load generator as a conversation in lines of JSON. */
class Generator {
  #child;
  #waiting = [];

  constructor(command, args) {
    const process = startProcess(command, args, { input: true });
    this.#child = process;
    createInterface({ input: process.child.stdout }).on('line', (line) => {
      const message = JSON.parse(line);
      if (message.op === 'error') {
        throw new Error(`load generator: ${message.error}`);
      }
      const index = this.#waiting.findIndex(({ op, id }) => op === message.op && id === message.id);
      if (index >= 0) {
        this.#waiting.splice(index, 1)[0].resolve(message);
      }
    });
  }

  tell(command) {
    this.#child.child.stdin.write(`${JSON.stringify(command)}\n`);
  }

  hear(op, id, timeoutMs = 15_000) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no "${op}" of client ${id} within ${timeoutMs} ms`)), timeoutMs);
      this.#waiting.push({
        op,
        id,
        resolve: (message) => {
          clearTimeout(timer);
          resolve(message);
        },
      });
    });
  }

  ask(command, timeoutMs) {
    const answer = this.hear(command.op, command.id, timeoutMs);
    this.tell(command);
    return answer;
  }

  async stop() {
    this.tell({ op: 'quit' });
    await this.#child.stop();
  }
}

/** CPU time in µs and resident memory in bytes of a process so far. */
function usage(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1].split(' ');
  const rss = Number(readFileSync(`/proc/${pid}/status`, 'utf8').match(/^VmRSS:\s+(\d+) kB/m)[1]) * 1024;
  return { cpuUs: ((Number(fields[11]) + Number(fields[12])) * 1e6) / ticksPerSecond, rss };
}

async function publish(client, generator, room, ip) {
  const session = await client.createSession();
  const handle = await client.attach(session, plugin);
  const ice = await generator.ask({ op: 'new', id: 1, ip });
  const ssrcs = { audioSsrc: 1001, videoSsrc: 1002 };
  const joined = await client.message(
    session,
    handle,
    { request: 'joinandconfigure', ptype: 'publisher', room, display: 'load' },
    { type: 'offer', sdp: publisherOffer(ice, ssrcs) },
  );
  if (!joined.jsep) {
    throw new Error(`joinandconfigure: ${JSON.stringify(joined)}`);
  }
  const up = generator.hear('up', 1);
  generator.tell({ op: 'connect', id: 1, ...remoteOf(joined.jsep.sdp) });
  const { profile } = await up;
  // The server may hear of it a moment later than the client; until then nobody can subscribe.
  await client.next(({ janus, sender }) => janus === 'webrtcup' && sender === handle);
  generator.tell({
    op: 'publish',
    id: 1,
    audio_type: 111,
    video_type: 96,
    audio_ssrc: ssrcs.audioSsrc,
    video_ssrc: ssrcs.videoSsrc,
  });
  return { session, profile, feed: joined.plugindata.data.id };
}

async function subscribe(client, generator, session, room, feed, id, ip) {
  const handle = await client.attach(session, plugin);
  const joined = await client.message(session, handle, {
    request: 'join',
    ptype: 'subscriber',
    room,
    streams: [{ feed }],
  });
  if (!joined.jsep) {
    throw new Error(`join: ${JSON.stringify(joined)}`);
  }
  const ice = await generator.ask({ op: 'new', id, ip });
  const up = generator.hear('up', id);
  await client.message(session, handle, { request: 'start' }, { type: 'answer', sdp: viewerAnswer(joined.jsep.sdp, ice) });
  generator.tell({ op: 'connect', id, ...remoteOf(joined.jsep.sdp) });
  await up;
}

/**
 * @param {{websocketUrl: string, pid: number}} server
 * @param {[string, string[]]} load the load generator's command line
 * @returns figures: CPU per forwarded packet in µs, packets, loss, delays in µs, memory per participant in bytes.
 */
export async function measureRoom(server, load, { subscribers, seconds }) {
  const generator = new Generator(...load);
  const client = await JanusClient.connect(server.websocketUrl);
  try {
    const room = 1234;
    const ip = new URL(server.websocketUrl).hostname;
    const empty = usage(server.pid);
    const { session, profile, feed } = await publish(client, generator, room, ip);
    const keepalive = setInterval(() => client.sendRaw(JSON.stringify({ janus: 'keepalive', session_id: session, transaction: 'k' })), 20_000);
    let current = session;
    for (let n = 0; n < subscribers; ++n) {
      if (n % handlesPerSession === 0) {
        current = await client.createSession();
      }
      await subscribe(client, generator, current, room, feed, n + 2, ip);
    }
    await sleep(warmUpMs);
    const before = usage(server.pid);
    const reported = generator.hear('result', undefined, (seconds + 30) * 1000);
    generator.tell({ op: 'measure', seconds });
    const result = await reported;
    const after = usage(server.pid);
    clearInterval(keepalive);
    const cpuUs = after.cpuUs - before.cpuUs;
    return {
      server: server.name,
      profile,
      subscribers,
      seconds,
      published: result.sent,
      forwarded: result.received,
      lost: result.lost,
      missing: Math.max(0, result.sent * subscribers - result.received),
      cpu_us_per_packet: cpuUs / result.received,
      cores: cpuUs / (seconds * 1e6),
      packets_per_core_second: (result.received / cpuUs) * 1e6,
      delay_us: result.delay_us,
      memory_per_participant: (after.rss - empty.rss) / (subscribers + 1),
    };
  } finally {
    await generator.stop();
    await client.close();
  }
}
