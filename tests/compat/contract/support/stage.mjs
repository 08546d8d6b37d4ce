// What the cases of a request need before they can run on one server over one transport: sessions,
// handles in their roles, rooms, and one publisher with a real connection for all of them.
import { HttpWire, Wire } from './wire.mjs';

const kFeed = 31;

/** One handle on a stage. */
class StageHandle {
  constructor(stage, session, id) {
    Object.assign(this, { stage, session, id });
  }

  send(body, jsep, members = {}) {
    return this.stage.wire.request({
      janus: 'message', session_id: this.session, handle_id: this.id, body, ...(jsep && { jsep }),
      ...this.stage.credentials, ...members,
    });
  }

  /** Sends a request that is not compared. @returns the last plugin data and its JSEP. */
  async quietly(body, jsep) {
    const last = (await this.send(body, jsep)).filter((m) => m.plugindata).at(-1);
    return { ...(last?.plugindata.data ?? {}), jsep: last?.jsep };
  }

  detach() {
    return this.stage.verb('detach', { session_id: this.session, handle_id: this.id });
  }
}

export class Stage {
  #serial = 0;

  /**
   * @param {{transport: 'WebSocket'|'HTTP', peers, offers, credentials?: object, textIds?: boolean}} options
   *   `credentials`: members of every message; `textIds`: rooms have names instead of numbers; `stunPort`: of a STUN
   *   server on 127.0.0.1.
   */
  static async open(server, { transport, peers, offers, credentials = {}, textIds = false, stunPort }) {
    const stage = new Stage();
    const http = transport === 'HTTP';
    // Rooms of the two transports must not meet.
    const base = http ? 30_000 : 10_000;
    Object.assign(stage, { server, http, peers, offers, credentials, textIds, stunPort, base });
    stage.wire = http
      ? new HttpWire(server.apiUrl, { credentials })
      : await Wire.open(server.websocketUrl);
    stage.session = await stage.newSession();
    return stage;
  }

  async verb(janus, members) {
    return (await this.wire.request({ janus, ...members, ...this.credentials }, { ackIsEnd: true }))[0];
  }

  async newSession() {
    return (await this.verb('create', {})).data.id;
  }

  async attach(plugin, session = this.session) {
    const answer = await this.verb('attach', { session_id: session, plugin });
    if (answer.janus !== 'success') {
      throw new Error(`attach: ${JSON.stringify(answer)}`);
    }
    return new StageHandle(this, session, answer.data.id);
  }

  async askAdmin(message) {
    const { adminUrl, adminWebsocketUrl } = this.server;
    this.admin ??= this.http
      ? new HttpWire(adminUrl, { polls: false })
      : await Wire.open(adminWebsocketUrl, 'janus-admin-protocol');
    return this.admin.request(message);
  }

  /** A new number for a room, the same on both servers as long as both see the same steps. */
  next() {
    return this.base + ++this.#serial;
  }

  /** The id of a new room. */
  nextRoom() {
    return this.textIds ? `room ${this.next()}` : this.next();
  }

  async newRoom(plugin, members = {}, room = this.nextRoom()) {
    this.makers ??= new Map();
    if (!this.makers.has(plugin)) {
      this.makers.set(plugin, await this.attach(plugin));
    }
    const maker = this.makers.get(plugin);
    await maker.quietly({
      request: 'create', room, secret: 's', is_private: true, description: 'a room', publishers: 9,
      admin_key: 'key', ...members,
    });
    return room;
  }

  async destroyRoom(plugin, room) {
    await this.makers.get(plugin).quietly({ request: 'destroy', room, secret: 's' });
  }

  /** Publishes on a handle through a new connection of the browser. */
  async publish(handle, body, kinds = ['audio', 'video']) {
    const peer = this.peers.peer();
    const { jsep } = await handle.quietly(body, await peer.offer(kinds));
    await peer.accept(jsep);
    if (!(await peer.connected())) {
      throw new Error(`no connection to ${this.server.name}`);
    }
    return peer;
  }

  /** The one publisher that all cases share. */
  published() {
    this.publisher ??= (async () => {
      const plugin = 'janus.plugin.videoroom';
      const room = await this.newRoom(plugin, {}, this.base);
      const handle = await this.attach(plugin);
      const peer = await this.publish(handle, {
        request: 'joinandconfigure', ptype: 'publisher', room, id: kFeed, display: 'the publisher',
      });
      return { room, feed: kFeed, handle, peer };
    })();
    return this.publisher;
  }

  /** The data channel that all cases share. @returns `request(body)`. */
  channel() {
    this.dataChannel ??= (async () => {
      const handle = await this.attach('janus.plugin.textroom');
      const { jsep } = await handle.quietly({ request: 'setup' });
      const peer = this.peers.peer();
      const answer = await peer.answer(jsep);
      await handle.quietly({ request: 'ack' }, answer);
      await peer.channelOpen();
      return peer;
    })();
    return this.dataChannel;
  }

  async close() {
    const { peer } = (await this.publisher?.catch(() => null)) ?? {};
    await peer?.close();
    const channel = await this.dataChannel?.catch(() => null);
    await channel?.close();
    await this.wire.close();
    await this.admin?.close();
  }
}

