// Synthetic publishers and viewers in rooms of a Janus-like server, and what they cost the server.
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

/**
 * The people of a shape: "1x100" is one publisher and a hundred viewers, "10x6" ten rooms of six who all publish and see
 * the five others.
 */
function peopleOf(shape) {
  const [rooms, size] = shape.split('x').map(Number);
  return rooms === 1 ? { rooms, publishers: 1, viewers: size } : { rooms, publishers: size, viewers: size - 1 };
}

/** One run of the load generator against one server: hands out ids and spreads handles over sessions. */
class Crowd {
  #ids = 0;
  #handles = 0;
  #session;

  constructor(client, generator, ip) {
    Object.assign(this, { client, generator, ip });
  }

  get size() {
    return this.#ids;
  }

  async #attach() {
    if (this.#handles % handlesPerSession === 0) {
      this.#session = await this.client.createSession();
    }
    this.#handles += 1;
    return { session: this.#session, handle: await this.client.attach(this.#session, plugin) };
  }

  async #connect(id, answer) {
    const up = this.generator.hear('up', id);
    this.generator.tell({ op: 'connect', id, ...remoteOf(answer) });
    return up;
  }

  async publish(room, { silent = false } = {}) {
    const { session, handle } = await this.#attach();
    const id = (this.#ids += 1);
    const ice = await this.generator.ask({ op: 'new', id, ip: this.ip });
    const ssrcs = { audioSsrc: 1000 + 2 * id, videoSsrc: 1001 + 2 * id };
    const joined = await this.client.message(
      session,
      handle,
      { request: 'joinandconfigure', ptype: 'publisher', room, display: 'load' },
      { type: 'offer', sdp: publisherOffer(ice, ssrcs) },
    );
    if (!joined.jsep) {
      throw new Error(`joinandconfigure: ${JSON.stringify(joined)}`);
    }
    const { profile } = await this.#connect(id, joined.jsep.sdp);
    // The server may hear of it a moment later than the client; until then nobody can subscribe.
    await this.client.next(({ janus, sender }) => janus === 'webrtcup' && sender === handle);
    if (!silent) {
      const types = { audio_type: 111, video_type: 96 };
      this.generator.tell({ op: 'publish', id, ...types, audio_ssrc: ssrcs.audioSsrc, video_ssrc: ssrcs.videoSsrc });
    }
    return { profile, feed: joined.plugindata.data.id };
  }

  async subscribe(room, feed) {
    const { session, handle } = await this.#attach();
    const joined = await this.client.message(session, handle, { request: 'join', ptype: 'subscriber', room, streams: [{ feed }] });
    if (!joined.jsep) {
      throw new Error(`join: ${JSON.stringify(joined)}`);
    }
    const id = (this.#ids += 1);
    const ice = await this.generator.ask({ op: 'new', id, ip: this.ip });
    const up = this.generator.hear('up', id);
    await this.client.message(session, handle, { request: 'start' }, { type: 'answer', sdp: viewerAnswer(joined.jsep.sdp, ice) });
    this.generator.tell({ op: 'connect', id, ...remoteOf(joined.jsep.sdp) });
    await up;
  }

  async fill(room, { publishers, viewers, silent }) {
    const { session, handle } = await this.#attach();
    await this.client.message(session, handle, { request: 'create', room, publishers, audiocodec: 'opus', videocodec: 'vp8' });
    const feeds = [];
    for (let n = 0; n < publishers; ++n) {
      feeds.push(await this.publish(room, { silent }));
    }
    for (const { feed } of feeds) {
      for (let n = 0; n < viewers; ++n) {
        await this.subscribe(room, feed);
      }
    }
    return feeds[0].profile;
  }
}

/**
 * @param {{websocketUrl: string, pid: number}} server
 * @param {[string, string[]]} load the load generator's command line
 * @param {{shape: string, seconds: number, idle?: number, during?: () => void}} options `idle` peers are connected
 *   beside it, without media; `during` is called when the measurement begins.
 * @returns figures: CPU per forwarded packet in µs, packets, those that never came (by sequence numbers) as `lost`, delays in µs, memory per participant in bytes,
 *   connections per second.
 */
export async function measureRooms(server, load, { shape, seconds, idle = 0, during }) {
  const generator = new Generator(...load);
  const client = await JanusClient.connect(server.websocketUrl);
  const keepalive = setInterval(() => client.sendRaw(JSON.stringify({ janus: 'ping', transaction: 'k' })), 20_000);
  try {
    const crowd = new Crowd(client, generator, new URL(server.websocketUrl).hostname);
    const { rooms, publishers, viewers } = peopleOf(shape);
    const empty = usage(server.pid);
    const began = performance.now();
    let profile;
    for (let room = 0; room < rooms; ++room) {
      profile = await crowd.fill(5000 + room, { publishers, viewers });
    }
    const people = crowd.size;
    const setupMs = performance.now() - began;
    await sleep(warmUpMs);
    const { rss } = usage(server.pid);
    if (idle > 0) {
      await crowd.fill(4999, { publishers: 1, viewers: idle - 1, silent: true });
    }
    const before = usage(server.pid);
    const reported = generator.hear('result', undefined, (seconds + 30) * 1000);
    generator.tell({ op: 'measure', seconds });
    during?.();
    const result = await reported;
    const cpuUs = usage(server.pid).cpuUs - before.cpuUs;
    return {
      profile,
      forwarded: result.received,
      lost: result.lost,
      missing: Math.max(0, result.sent * viewers - result.received) / (result.sent * viewers),
      cpu_us_per_packet: cpuUs / result.received,
      packets_per_core_second: (result.received / cpuUs) * 1e6,
      delay_us_p50: result.delay_us.p50,
      delay_us_p99: result.delay_us.p99,
      memory_per_participant: (rss - empty.rss) / people,
      connections_per_second: (people * 1000) / setupMs,
    };
  } finally {
    clearInterval(keepalive);
    await generator.stop();
    await client.close();
  }
}
