// Messages to a plugin, their answers, and events.
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from './client';
import { ErrorReason } from './errors';
import type { Handle } from './handle';
import type { Session } from './session';
import { basicResponder, FakeServer } from './testing/fake_transport';

const plugin = 'janus.plugin.videoroom';
let server: FakeServer;
let session: Session;
let handle: Handle;

beforeEach(async () => {
  server = new FakeServer();
  server.respond(basicResponder());
  const client = new Client({ url: 'ws://test', transport: server.factory });
  await client.connect();
  session = await client.createSession();
  handle = await session.attach(plugin);
});

const fromHandle = (extra: object) => ({ session_id: 1, sender: handle.id, ...extra });
const dataOf = (data: object) => ({
  plugindata: { plugin, data: data as Record<string, unknown> },
});

describe('a request', () => {
  it('is answered at once by a success', async () => {
    server.respond(() => ({ janus: 'success', ...fromHandle(dataOf({ exists: true })) }));
    const reply = await handle.request({ request: 'exists', room: 1 });
    expect(reply.data).toEqual({ exists: true });
    expect(server.last).toMatchObject({ handle_id: handle.id, session_id: 1, body: { room: 1 } });
  });

  it('is answered by the event after the ack, with its description', async () => {
    const jsep = { type: 'answer' as const, sdp: 'v=0' };
    server.respond(() => [
      { janus: 'ack', session_id: 1 },
      { janus: 'event', ...fromHandle(dataOf({ configured: 'ok' })), jsep },
    ]);
    const reply = await handle.request({ request: 'configure' }, { type: 'offer', sdp: 'v=0' });
    expect(reply).toEqual({ data: { configured: 'ok' }, jsep });
    expect(server.last).toMatchObject({ jsep: { type: 'offer' } });
  });

  it('is answered as well by an event that overtakes its ack', async () => {
    const strayed = vi.fn();
    handle.on('event', strayed);
    server.respond(() => [
      { janus: 'event', ...fromHandle(dataOf({ configured: 'ok' })) },
      { janus: 'ack', session_id: 1 },
    ]);
    await expect(handle.request({ request: 'configure' })).resolves.toMatchObject({
      data: { configured: 'ok' },
    });
    expect(strayed).not.toHaveBeenCalled();
  });

  it('fails with the error of the plugin', async () => {
    server.respond(() => ({
      janus: 'success',
      ...fromHandle(dataOf({ videoroom: 'event', error_code: 426, error: 'No such room (7)' })),
    }));
    await expect(handle.request({ request: 'join', room: 7 })).rejects.toMatchObject({
      reason: ErrorReason.RoomNotFound,
      code: 426,
    });
  });

  it('is refused after detach', async () => {
    await handle.detach();
    await expect(handle.request({})).rejects.toMatchObject({ reason: ErrorReason.Closed });
  });
});

describe('events', () => {
  it('reach their handle only', async () => {
    const other = await session.attach(plugin);
    const [mine, theirs] = [vi.fn(), vi.fn()];
    handle.on('event', mine);
    other.on('event', theirs);
    server.say({ janus: 'event', ...fromHandle(dataOf({ leaving: 5 })) });
    expect(mine).toHaveBeenCalledWith({ data: { leaving: 5 } });
    expect(theirs).not.toHaveBeenCalled();
  });

  it('tell of the media connection', () => {
    const heard: unknown[] = [];
    handle.on('webrtcup', () => heard.push('up'));
    handle.on('media', (mid, receiving) => heard.push([mid, receiving]));
    handle.on('slowlink', (mid, uplink) => heard.push([mid, uplink]));
    handle.on('trickle', (candidate) => heard.push(candidate));
    handle.on('hangup', (reason) => heard.push(reason));
    handle.on('closed', () => heard.push('closed'));
    server.say({ janus: 'webrtcup', ...fromHandle({}) });
    server.say({ janus: 'media', ...fromHandle({ mid: '0', receiving: true }) });
    server.say({ janus: 'slowlink', ...fromHandle({ mid: '1', uplink: true }) });
    server.say({
      janus: 'trickle',
      ...fromHandle({ candidate: { candidate: 'candidate:1', sdpMid: '0' } }),
    });
    server.say({ janus: 'trickle', ...fromHandle({ candidate: { completed: true } }) });
    server.say({ janus: 'hangup', ...fromHandle({ reason: 'DTLS alert' }) });
    server.say({ janus: 'detached', ...fromHandle({}) });
    expect(heard).toEqual([
      'up',
      ['0', true],
      ['1', true],
      { candidate: 'candidate:1', sdpMid: '0' },
      null,
      'DTLS alert',
      'closed',
    ]);
  });
});

it('candidates go out one by one, and an end mark after the last', async () => {
  await handle.trickle({ candidate: 'candidate:1', sdpMid: '0' });
  expect(server.last).toMatchObject({ janus: 'trickle', candidate: { candidate: 'candidate:1' } });
  await handle.trickle(null);
  expect(server.last).toMatchObject({ candidate: { completed: true } });
});

it('a session that ends closes its handles', async () => {
  const closed = vi.fn();
  handle.on('closed', closed);
  await session.destroy();
  expect(closed).toHaveBeenCalledOnce();
});
