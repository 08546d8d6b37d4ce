// Encrypted WebRTC clients without a browser: signalling here, ICE, DTLS and SRTP in the load generator.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { publisherOffer, remoteOf } from '../bench/sdp.mjs';
import { startProcess } from './process.mjs';
import { buildFolder, repository } from './server.mjs';

const plugin = 'janus.plugin.echotest';
export const payloadTypes = { audio: 111, video: 96 };

function loadProgram() {
  const folders = [buildFolder(), ...['asan', 'release'].map((name) => join(repository, 'build', name))];
  const found = folders.map((folder) => join(folder, 'bin', 'cardea_load')).find(existsSync);
  if (!found) {
    throw new Error('no cardea_load in any build; build target tests/bench/all');
  }
  return found;
}

/** The load generator as a conversation in lines of JSON; any number of clients live in it. */
export class MediaClients {
  #process;
  #waiting = [];
  #last = 0;

  constructor() {
    this.#process = startProcess(loadProgram(), [], { input: true });
    createInterface({ input: this.#process.child.stdout }).on('line', (line) => {
      const message = JSON.parse(line);
      const index = this.#waiting.findIndex(({ op, id }) => op === message.op && id === message.id);
      if (index >= 0) {
        this.#waiting.splice(index, 1)[0].resolve(message);
      }
    });
  }

  tell(command) {
    this.#process.child.stdin.write(`${JSON.stringify(command)}\n`);
  }

  hear(op, id, timeoutMs = 10_000) {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`no "${op}" of client ${id} within ${timeoutMs} ms; ${this.#process.log().slice(-500)}`)),
        timeoutMs,
      );
      const take = (message) => {
        clearTimeout(timer);
        resolve(message);
      };
      this.#waiting.push({ op, id, resolve: take });
    });
  }

  /**
   * Negotiates a client with EchoTest, which sends its media back.
   * @param janus a JanusClient.
   * @param {(offer: string) => string} change what to do to the offer.
   * @returns id, session, handle, `ssrcs`, `remote` (the server's ICE and DTLS parameters) and its `answer`.
   */
  async negotiate(janus, change = (offer) => offer) {
    const id = (this.#last += 1);
    const fresh = this.hear('new', id);
    this.tell({ op: 'new', id, ip: '127.0.0.1' });
    const ice = await fresh;
    const ssrcs = { audioSsrc: 1000 + 2 * id, videoSsrc: 1001 + 2 * id };
    const session = await janus.createSession();
    const handle = await janus.attach(session, plugin);
    const sdp = change(publisherOffer(ice, ssrcs).replaceAll('a=sendonly', 'a=sendrecv'));
    const answered = await janus.message(session, handle, { audio: true, video: true }, { type: 'offer', sdp });
    if (!answered.jsep) {
      throw new Error(`no answer: ${JSON.stringify(answered)}`);
    }
    return { id, session, handle, ssrcs, answer: answered.jsep.sdp, remote: remoteOf(answered.jsep.sdp) };
  }

  /** Begins ICE and DTLS. @param {number} [port] where to, when not to the server itself. @returns when it is up. */
  async connect(client, port = client.remote.port) {
    const up = this.hear('up', client.id);
    this.tell({ op: 'connect', id: client.id, ...client.remote, port });
    return up;
  }

  /** Begins to send Opus and VP8. */
  publish({ id, ssrcs }) {
    this.tell({
      op: 'publish',
      id,
      audio_type: payloadTypes.audio,
      video_type: payloadTypes.video,
      audio_ssrc: ssrcs.audioSsrc,
      video_ssrc: ssrcs.videoSsrc,
    });
  }

  /** Encrypts and sends any bytes as RTP or RTCP of a client that is up. */
  send({ id }, kind, bytes) {
    this.tell({ op: 'send', id, kind, hex: bytes.toString('hex') });
  }

  /** What all clients send and get back in the next seconds: `{ sent, received, lost, delay_us }`. */
  async measure(seconds) {
    const result = this.hear('result', undefined, (seconds + 10) * 1000);
    this.tell({ op: 'measure', seconds });
    return result;
  }

  async stop() {
    this.tell({ op: 'quit' });
    await this.#process.stop();
  }
}
