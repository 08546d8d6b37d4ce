// People in VideoRoom's rooms with real media: clients of a whole server that publish and subscribe.
import assert from 'node:assert/strict';
import { JanusClient } from './janus_client.mjs';
import {
  RTCPeerConnection,
  answer,
  audioSource,
  heardOrSeen,
  reaches,
  videoSource,
} from './wrtc_peer.mjs';

const plugin = 'janus.plugin.videoroom';
const timeoutMs = 20_000;

/** One client with a session of its own. */
export class Person {
  #ends = [];

  /** @param {object} members as of JanusClient.connect(). */
  static async connect(url, members) {
    const person = new Person();
    person.janus = await JanusClient.connect(url, 'janus-protocol', members);
    person.session = await person.janus.createSession();
    person.handle = await person.attach();
    return person;
  }

  attach() {
    return this.janus.attach(this.session, plugin);
  }

  /** @returns the plugin's data with the JSEP as `jsep`; also when it says that something is wrong. */
  async ask(body, { handle = this.handle, jsep } = {}) {
    const got = await this.janus.message(this.session, handle, body, jsep, timeoutMs);
    assert.ok(got.plugindata, JSON.stringify(got));
    return { ...got.plugindata.data, jsep: got.jsep };
  }

  /** As ask(); throws when something is wrong. */
  async do(body, options) {
    const data = await this.ask(body, options);
    assert.equal(data.error, undefined, `${body.request}: ${JSON.stringify(data)}`);
    return data;
  }

  /** The next event that nobody asked for and that fits, as ask() gives it. */
  async hear(fits, handle = this.handle) {
    const got = await this.janus.next(
      (one) => one.sender === handle && one.plugindata && fits(one.plugindata.data),
      timeoutMs,
    );
    return { ...got.plugindata.data, jsep: got.jsep };
  }

  /** What came unasked to a handle and was not taken. */
  heard(handle = this.handle) {
    return this.janus.queued
      .filter((one) => one.sender === handle && one.plugindata)
      .map((one) => one.plugindata.data);
  }

  /** The next message of the core about a handle, such as "hangup". */
  told(janus, handle = this.handle) {
    return this.janus.next((one) => one.sender === handle && one.janus === janus, timeoutMs);
  }

  join(room, members = {}) {
    return this.do({ request: 'join', ptype: 'publisher', room, ...members });
  }

  connection() {
    const pc = new RTCPeerConnection();
    this.#ends.push(() => pc.close());
    return pc;
  }

  /** Adds made-up media. @param kind "audio", "video", or settings of a videoSource() with `sendEncodings`. */
  send(pc, kind) {
    const { sendEncodings, ...settings } = typeof kind === 'object' ? kind : {};
    const made = kind === 'audio' ? audioSource() : videoSource(settings);
    this.#ends.push(() => made.stop());
    return pc.addTransceiver(made.track, {
      direction: 'sendonly',
      ...(sendEncodings && { sendEncodings }),
    });
  }

  /** Sends an offer of the connection with a request and takes the answer. */
  async offer(pc, body, handle = this.handle) {
    await pc.setLocalDescription(await pc.createOffer());
    await reaches(pc, 'iceGatheringState', 'complete');
    const jsep = { type: 'offer', sdp: pc.localDescription.sdp };
    const data = await this.do(body, { handle, jsep });
    await pc.setRemoteDescription(data.jsep);
    return data;
  }

  /** Joins if `room` is given, publishes, and waits until the server sees the connection. @returns it. */
  async publish(room, kinds = ['audio', 'video'], members = {}) {
    const pc = this.connection();
    kinds.forEach((kind) => this.send(pc, kind));
    const body = room
      ? { request: 'joinandconfigure', ptype: 'publisher', room, ...members }
      : { request: 'publish', ...members };
    const data = await this.offer(pc, body);
    this.id ??= data.id;
    await this.told('webrtcup');
    return pc;
  }

  /** Answers an offer. */
  async start(pc, jsep, handle) {
    return this.do({ request: 'start' }, { handle, jsep: await answer(pc, jsep) });
  }

  /** Subscribes on a handle of its own and waits for the connection. @returns it all, with `track(mid)`. */
  async watch(room, streams, members = {}) {
    const handle = await this.attach();
    const wanted = streams ? { streams } : {};
    const body = { request: 'join', ptype: 'subscriber', room, ...wanted, ...members };
    const attached = await this.do(body, { handle });
    const pc = this.connection();
    await this.start(pc, attached.jsep, handle);
    await this.told('webrtcup', handle);
    const track = (mid) => pc.getTransceivers().find((one) => one.mid === mid)?.receiver.track;
    const flows = (mid) => heardOrSeen(track(mid));
    return { handle, pc, attached, track, flows };
  }

  async close() {
    this.#ends
      .splice(0)
      .reverse()
      .forEach((end) => end());
    await this.janus.close();
  }
}

/** Counts of what a track has brought so far: packets, or frames and the height of the last. */
export async function received(pc, kind) {
  const all = [...(await pc.getStats()).values()];
  const streams = all.filter((one) => one.type === 'inbound-rtp' && one.kind === kind);
  return {
    packets: streams.reduce((sum, one) => sum + (one.packetsReceived ?? 0), 0),
    frames: streams.reduce((sum, one) => sum + (one.framesDecoded ?? 0), 0),
    height: streams.at(-1)?.frameHeight,
  };
}

/** Waits until `look()` gives something true, and gives that back. */
export async function until(what, look, milliseconds = timeoutMs) {
  const deadline = Date.now() + milliseconds;
  for (;;) {
    const seen = await look();
    if (seen) {
      return seen;
    }
    assert.ok(Date.now() < deadline, `${what} did not happen`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The people of a test file: each crowd meets in a new room, and goes when its test has ended. */
export class Crowds {
  #people = [];

  /** @param {number} room rooms are numbered from the next on. */
  constructor(room) {
    this.room = room;
  }

  /** @returns so many people; the first has created the room. */
  async meet(url, count, options = {}) {
    this.room += 1;
    for (let i = 0; i < count; i += 1) {
      this.#people.push(await Person.connect(url));
    }
    const all = this.#people.slice(-count);
    await all[0].do({ request: 'create', room: this.room, ...options });
    return all;
  }

  /** Somebody who came by himself leaves with the others. */
  add(person) {
    this.#people.push(person);
  }

  async leave() {
    await Promise.all(this.#people.splice(0).map((one) => one.close()));
  }
}
