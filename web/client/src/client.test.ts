// Connection, transactions, reconnection.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Client } from './client';
import { CardeaError, ErrorReason } from './errors';
import { basicResponder, FakeServer } from './testing/fake_transport';

let server: FakeServer;
let client: Client;

beforeEach(() => {
  vi.useFakeTimers();
  server = new FakeServer();
  server.respond(basicResponder());
  client = new Client({ url: 'ws://test', transport: server.factory, token: 'secret-token' });
});

afterEach(() => vi.useRealTimers());

/** Lets timers of the next milliseconds and all promises run. */
const pass = (ms = 1): Promise<unknown> => vi.advanceTimersByTimeAsync(ms);

async function settled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  await pass();
  return promise;
}

describe('requests', () => {
  it('carry a transaction and the token', async () => {
    await client.connect();
    await settled(client.createSession());
    expect(server.last).toMatchObject({ janus: 'create', token: 'secret-token' });
    expect(server.last?.transaction).toMatch(/^[a-z0-9]{12,}$/);
  });

  it('are refused before connect()', async () => {
    await expect(client.request({ janus: 'info' })).rejects.toMatchObject({
      reason: ErrorReason.Closed,
    });
  });

  it('fail with the code of the server', async () => {
    await client.connect();
    server.respond(() => ({ janus: 'error', error: { code: 458, reason: 'No such session' } }));
    const error = await settled(client.request({ janus: 'keepalive' })).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(CardeaError);
    expect(error).toMatchObject({ code: 458, reason: ErrorReason.SessionLost });
  });

  it('time out', async () => {
    await client.connect();
    server.respond(() => undefined);
    const request = client.request({ janus: 'info' });
    request.catch(() => {});
    await pass(10_001);
    await expect(request).rejects.toMatchObject({ reason: ErrorReason.Timeout });
  });
});

describe('connect', () => {
  it('fails when the server cannot be reached and works at the next try', async () => {
    server.down = true;
    await expect(client.connect()).rejects.toThrow();
    expect(client.state).toBe('idle');
    server.down = false;
    await client.connect();
    expect(client.state).toBe('connected');
  });
});

describe('sessions', () => {
  it('are kept alive each 25 seconds', async () => {
    await client.connect();
    await settled(client.createSession());
    await pass(25_000);
    expect(server.last).toMatchObject({ janus: 'keepalive', session_id: 1 });
    const before = server.sent.length;
    await pass(50_000);
    expect(server.sent.length).toBe(before + 2);
  });

  it('are claimed on the new connection after the old one broke', async () => {
    await client.connect();
    const session = await settled(client.createSession());
    const reconnected = vi.fn();
    session.on('reconnected', reconnected);
    server.breakConnection();
    expect(client.state).toBe('reconnecting');
    await pass(300);
    expect(server.connections).toBe(2);
    expect(server.last).toMatchObject({ janus: 'claim', session_id: 1 });
    expect(reconnected).toHaveBeenCalledOnce();
  });

  it('try to reconnect until the server is back', async () => {
    await client.connect();
    await settled(client.createSession());
    server.down = true;
    server.breakConnection();
    await pass(30_000);
    expect(client.state).toBe('reconnecting');
    server.down = false;
    await pass(6_000);
    expect(client.state).toBe('connected');
  });

  it('are lost when the server does not know them any more', async () => {
    await client.connect();
    const session = await settled(client.createSession());
    const lost = vi.fn();
    session.on('lost', lost);
    server.respond(() => ({ janus: 'error', error: { code: 458, reason: 'No such session' } }));
    server.breakConnection();
    await pass(300);
    expect(lost).toHaveBeenCalledOnce();
    expect(session.closed).toBe(true);
  });

  it('are lost when the server says that they timed out', async () => {
    await client.connect();
    const session = await settled(client.createSession());
    server.say({ janus: 'timeout', session_id: 1 });
    expect(session.closed).toBe(true);
  });

  it('fail what is under way when the connection breaks', async () => {
    await client.connect();
    const session = await settled(client.createSession());
    server.respond(() => undefined);
    const attach = session.attach('janus.plugin.echotest');
    server.breakConnection();
    await expect(attach).rejects.toMatchObject({ reason: ErrorReason.ConnectionLost });
  });

  it('take the connection for dead when a keepalive is not answered', async () => {
    await client.connect();
    await settled(client.createSession());
    server.respond(() => undefined);
    await pass(25_000 + 10_000 + 1);
    expect(client.state).toBe('reconnecting');
  });

  it('are destroyed on close, and nothing is sent after it', async () => {
    await client.connect();
    await settled(client.createSession());
    await settled(client.close());
    expect(server.last).toMatchObject({ janus: 'destroy', session_id: 1 });
    const count = server.sent.length;
    await pass(60_000);
    expect(server.sent.length).toBe(count);
  });
});
