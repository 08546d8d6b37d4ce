// Long polling against a fake `fetch`.
import { afterEach, expect, it, vi } from 'vitest';
import { Client } from '../client';
import { ErrorReason } from '../errors';
import type { ServerMessage } from '../messages';

afterEach(() => vi.unstubAllGlobals());

/** A server whose polls wait until `push` gives them something. */
function serve() {
  const requests: string[] = [];
  const queue: ServerMessage[] = [];
  let wake: () => void = () => {};
  const poll = async (): Promise<ServerMessage[]> => {
    while (queue.length === 0) {
      await new Promise<void>((resolve) => (wake = resolve));
    }
    return queue.splice(0);
  };
  const answer = async (url: string, init: RequestInit = {}): Promise<unknown> => {
    requests.push(`${init.method ?? 'GET'} ${url.replace(/rid=\d+/, 'rid=N')}`);
    if (init.method !== 'POST') {
      return url.endsWith('/info') ? { janus: 'server_info' } : poll();
    }
    const { janus, transaction } = JSON.parse(String(init.body)) as ServerMessage;
    switch (janus) {
      case 'create':
        return { janus: 'success', transaction, data: { id: 7 } };
      case 'attach':
        return { janus: 'success', transaction, session_id: 7, data: { id: 8 } };
      default:
        return { janus: 'ack', transaction, session_id: 7 };
    }
  };
  const push = (...messages: ServerMessage[]): void => {
    queue.push(...messages);
    wake();
  };
  vi.stubGlobal('fetch', async (url: string, init?: RequestInit) => {
    return new Response(JSON.stringify(await answer(url, init)));
  });
  return { requests, push };
}

it('requests go to the paths of session and handle, and events come by polls', async () => {
  const server = serve();
  const client = new Client({ url: 'http://test/janus', token: 'abc' });
  await client.connect();
  const session = await client.createSession();
  const handle = await session.attach('janus.plugin.echotest');
  const events: unknown[] = [];
  const both = new Promise<void>((resolve) => {
    handle.on('event', ({ data }) => {
      if (events.push(data['n']) === 2) {
        resolve();
      }
    });
  });
  const event = (n: number): ServerMessage => ({
    janus: 'event',
    session_id: 7,
    sender: 8,
    plugindata: { plugin: 'janus.plugin.echotest', data: { n } },
  });
  server.push(event(1), event(2));
  await both;
  expect(events).toEqual([1, 2]);
  await handle.trickle(null);
  expect(server.requests).toContain('POST http://test/janus');
  expect(server.requests).toContain('POST http://test/janus/7');
  expect(server.requests).toContain('POST http://test/janus/7/8');
  expect(server.requests).toContain('GET http://test/janus/7?maxev=10&token=abc&rid=N');
});

it('a server that cannot be reached is told of', async () => {
  vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('refused')));
  const client = new Client({ url: 'http://test/janus' });
  await expect(client.connect()).rejects.toMatchObject({ reason: ErrorReason.ConnectionFailed });
});
