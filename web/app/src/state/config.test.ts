import { describe, expect, it } from 'vitest';
import { findServer, linkToRoom, roomFromAddress } from './config';

const at = (url: string): Location => new URL(url) as unknown as Location;
const answering =
  (body: object): typeof fetch =>
  async () =>
    new Response(JSON.stringify(body));
const missing: typeof fetch = async () => new Response('', { status: 404 });

describe('the server is', () => {
  it('the one in the address of the page', async () => {
    expect(await findServer(at('http://a.example/?ws=ws://b.example:1'), missing)).toBe(
      'ws://b.example:1',
    );
  });

  it('not anything that is no WebSocket address', async () => {
    expect(await findServer(at('http://a.example/?ws=javascript:1'), missing)).toBe(
      'ws://a.example:8188',
    );
  });

  it('the one that the page’s own server names', async () => {
    const get = answering({ websocket_url: 'ws://c.example:9' });
    expect(await findServer(at('http://a.example/'), get)).toBe('ws://c.example:9/');
  });

  it('on the same host, where only a path is named', async () => {
    const get = answering({ websocket_url: '/janus' });
    expect(await findServer(at('https://a.example/x/'), get)).toBe('wss://a.example/janus');
  });

  it('on port 8188 otherwise', async () => {
    expect(await findServer(at('http://a.example:8088/'), missing)).toBe('ws://a.example:8188');
    const broken: typeof fetch = async () => Promise.reject(new Error('offline'));
    expect(await findServer(at('https://a.example/'), broken)).toBe('wss://a.example:8188');
  });
});

it('the room is named by the query or by the fragment', () => {
  expect(roomFromAddress(at('http://a/?room=tea%20time'))).toBe('tea time');
  expect(roomFromAddress(at('http://a/#tea%20time'))).toBe('tea time');
  expect(roomFromAddress(at('http://a/#%'))).toBe('%');
  expect(roomFromAddress(at('http://a/'))).toBe('');
});

it('the link to a room leads back to it', () => {
  const link = linkToRoom(at('http://a:8088/?ws=ws://b:1#old'), 'tea & time');
  expect(roomFromAddress(at(link))).toBe('tea & time');
  expect(link).toContain('ws=');
});
