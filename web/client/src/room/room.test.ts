// A room against a fake VideoRoom: joining, the others, muting, leaving.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from '../client';
import { ErrorReason } from '../errors';
import type { ServerMessage } from '../messages';
import type { Session } from '../session';
import { FakeConnection, FakeStream } from '../testing/fake_rtc';
import { basicResponder, FakeServer, type Sent } from '../testing/fake_transport';
import { Room } from './room';

const plugin = 'janus.plugin.videoroom';
const streams = [
  { type: 'audio', mid: '0', mindex: 0 },
  { type: 'video', mid: '1', mindex: 1 },
];
const ann = { id: 11, display: 'Ann', streams };

let server: FakeServer;
let session: Session;
let exists: boolean;
let publishers: object[];
let createError: number | undefined;

function answer(message: Sent): ServerMessage | undefined {
  const reply = (data: Record<string, unknown>, jsep?: object): ServerMessage => ({
    janus: 'event',
    session_id: 1,
    sender: Number(message.handle_id),
    plugindata: { plugin, data },
    ...(jsep && { jsep: jsep as ServerMessage['jsep'] }),
  });
  switch (message.body?.['request']) {
    case 'exists':
      return reply({ videoroom: 'success', exists });
    case 'create':
      return createError === undefined
        ? reply({ videoroom: 'created' })
        : reply({ videoroom: 'event', error_code: createError, error: 'Room already exists' });
    case 'join':
      return message.body['ptype'] === 'publisher'
        ? reply({ videoroom: 'joined', id: 5, private_id: 77, publishers })
        : reply({ videoroom: 'attached' }, { type: 'offer', sdp: 'offer of the server' });
    case 'publish':
      return reply({ configured: 'ok' }, { type: 'answer', sdp: 'answer of the server' });
    case 'listparticipants':
      return reply({ participants: [{ id: 5, publisher: true }] });
    default:
      return reply({ videoroom: 'event' });
  }
}

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('RTCPeerConnection', FakeConnection);
  vi.stubGlobal('MediaStream', FakeStream);
  FakeConnection.all = [];
  exists = true;
  publishers = [];
  createError = undefined;
  server = new FakeServer();
  const basic = basicResponder();
  server.respond((message) => (message.janus === 'message' ? answer(message) : basic(message)));
  const client = new Client({ url: 'ws://test', transport: server.factory });
  await client.connect();
  session = await settled(client.createSession());
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const pass = (ms = 50): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

async function settled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  await pass();
  return promise;
}

const bodies = (request: string) =>
  server.sent.map((message) => message.body).filter((body) => body?.['request'] === request);

function event(handle: number, data: Record<string, unknown>): void {
  server.say({ janus: 'event', session_id: 1, sender: handle, plugindata: { plugin, data } });
}

const ownHandle = 100;

function media(): MediaStream {
  const tracks = [
    { kind: 'audio', enabled: true },
    { kind: 'video', enabled: true },
  ];
  return new FakeStream(tracks) as unknown as MediaStream;
}

describe('joining', () => {
  it('makes a room that does not exist', async () => {
    exists = false;
    const room = await settled(Room.join(session, { room: 9, display: 'Bea' }));
    expect(bodies('create')).toMatchObject([{ room: 9 }]);
    expect(bodies('join')).toMatchObject([{ room: 9, ptype: 'publisher', display: 'Bea' }]);
    expect(room.id).toBe(5);
  });

  it('makes no room that exists', async () => {
    await settled(Room.join(session, { room: 9 }));
    expect(bodies('create')).toEqual([]);
  });

  it('does not mind that somebody else made the room meanwhile', async () => {
    exists = false;
    createError = 427;
    await expect(settled(Room.join(session, { room: 9 }))).resolves.toBeInstanceOf(Room);
  });

  it('fails with the reason when the room cannot be made', async () => {
    exists = false;
    createError = 433;
    await expect(settled(Room.join(session, { room: 9 }))).rejects.toMatchObject({
      reason: ErrorReason.Unauthorized,
    });
  });
});

describe('the others', () => {
  it('who publish already are subscribed to, each over a handle of its own', async () => {
    publishers = [ann, { ...ann, id: 12, display: 'Cleo' }];
    const room = await settled(Room.join(session, { room: 9 }));
    const joins = bodies('join').filter((body) => body?.['ptype'] === 'subscriber');
    expect(joins).toMatchObject([
      { room: 9, streams: [{ feed: 11 }], private_id: 77 },
      { room: 9, streams: [{ feed: 12 }], private_id: 77 },
    ]);
    const answers = server.sent.filter((message) => message.body?.['request'] === 'start');
    expect(answers.map((message) => message['jsep'])).toEqual(
      Array(2).fill({ type: 'answer', sdp: 'answer to offer of the server' }),
    );
    expect(new Set(answers.map((message) => message.handle_id)).size).toBe(2);
    expect(room.participants.map((person) => person.display)).toEqual(['Ann', 'Cleo']);
    expect(room.participants[0]?.stream).toBeDefined();
  });

  it('who come, stop publishing and leave are told of', async () => {
    const room = await settled(Room.join(session, { room: 9 }));
    const heard: string[] = [];
    room.on('participant-joined', (person) => heard.push(`+${person.display}`));
    room.on('participant-left', (person) => heard.push(`-${person.display}`));
    event(ownHandle, { videoroom: 'event', publishers: [ann] });
    await pass();
    const [person] = room.participants;
    expect(person?.hasVideo).toBe(true);
    event(ownHandle, { videoroom: 'event', unpublished: 11 });
    expect(person?.publishing).toBe(false);
    expect(FakeConnection.all[0]?.closed).toBe(true);
    event(ownHandle, { videoroom: 'event', leaving: 11 });
    event(ownHandle, { videoroom: 'event', unpublished: 11 });
    expect(heard).toEqual(['+Ann', '-Ann']);
    expect(room.participants).toEqual([]);
  });

  it('without media are listed too, if the room tells of them', async () => {
    const room = await settled(Room.join(session, { room: 9 }));
    event(ownHandle, { videoroom: 'event', joining: { id: 3, display: 'Dan' } });
    expect(room.participants).toMatchObject([{ id: 3, display: 'Dan', publishing: false }]);
    expect(FakeConnection.all).toEqual([]);
  });

  it('whose connection fails are subscribed to anew', async () => {
    publishers = [ann];
    await settled(Room.join(session, { room: 9 }));
    FakeConnection.all[0]?.fail();
    await pass(1100);
    expect(FakeConnection.all).toHaveLength(2);
    expect(FakeConnection.all.map((connection) => connection.closed)).toEqual([true, false]);
  });

  it('who left while the connection was away are gone after it is back', async () => {
    publishers = [ann];
    const room = await settled(Room.join(session, { room: 9 }));
    server.breakConnection();
    await pass(400);
    expect(room.participants).toEqual([]);
  });
});

describe('publishing', () => {
  it('offers microphone and camera and takes the answer', async () => {
    const room = await settled(Room.join(session, { room: 9, stream: media() }));
    const publish = server.sent.find((message) => message.body?.['request'] === 'publish');
    expect(publish?.['jsep']).toEqual({ type: 'offer', sdp: 'local offer' });
    expect(FakeConnection.all[0]?.remoteDescription?.sdp).toBe('answer of the server');
    expect(room.publishing).toBe(true);
  });

  it('mutes the track and tells the server to stop relaying it', async () => {
    const stream = media();
    const room = await settled(Room.join(session, { room: 9, stream }));
    await settled(room.setMicrophone(false));
    expect(stream.getAudioTracks()[0]?.enabled).toBe(false);
    expect(bodies('configure')).toEqual([
      { request: 'configure', streams: [{ mid: '0', send: false }] },
    ]);
    await settled(room.setCamera(false));
    expect(bodies('configure')[1]).toMatchObject({ streams: [{ mid: '1', send: false }] });
  });
});

describe('leaving', () => {
  it('tells the server and closes every connection', async () => {
    publishers = [ann];
    const room = await settled(Room.join(session, { room: 9, stream: media() }));
    const states: string[] = [];
    room.on('state', (state) => states.push(state));
    await settled(room.leave());
    expect(bodies('leave')).toHaveLength(1);
    expect(FakeConnection.all.every((connection) => connection.closed)).toBe(true);
    expect(server.sent.filter((message) => message.janus === 'detach')).toHaveLength(2);
    expect(states).toEqual(['left']);
  });

  it('happens by itself, as `lost`, when the session is gone', async () => {
    const room = await settled(Room.join(session, { room: 9 }));
    server.say({ janus: 'timeout', session_id: 1 });
    expect(room.state).toBe('lost');
  });
});
