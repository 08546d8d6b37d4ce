// The WebSocket transport against a fake socket.
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ErrorReason } from '../errors';
import { WebSocketTransport } from './websocket';

class FakeSocket {
  static readonly OPEN = 1;
  static last: FakeSocket;
  readyState = 0;
  sent: string[] = [];
  onopen?: () => void;
  onclose?: () => void;
  onmessage?: (event: { data: unknown }) => void;
  constructor(
    readonly url: string,
    readonly protocol: string,
  ) {
    FakeSocket.last = this;
  }
  send(text: string): void {
    this.sent.push(text);
  }
  close(): void {
    this.readyState = 3;
    this.onclose?.();
  }
  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
}

beforeEach(() => vi.stubGlobal('WebSocket', FakeSocket));
afterEach(() => vi.unstubAllGlobals());

const listener = () => ({ message: vi.fn(), lost: vi.fn() });

async function opened(heard = listener()) {
  const transport = new WebSocketTransport('ws://test');
  const opening = transport.open(heard);
  FakeSocket.last.open();
  await opening;
  return { transport, heard, socket: FakeSocket.last };
}

it('speaks the subprotocol of the Janus API', async () => {
  const { transport, socket } = await opened();
  transport.send({ janus: 'create', transaction: 't' });
  expect(socket.protocol).toBe('janus-protocol');
  expect(socket.sent).toEqual(['{"janus":"create","transaction":"t"}']);
});

it('drops what is no message', async () => {
  const { heard, socket } = await opened();
  for (const data of ['', 'nonsense', '[]', 'null', '{"a":1}', new ArrayBuffer(1)]) {
    socket.onmessage?.({ data });
  }
  expect(heard.message).not.toHaveBeenCalled();
  socket.onmessage?.({ data: '{"janus":"ack"}' });
  expect(heard.message).toHaveBeenCalledWith({ janus: 'ack' });
});

it('tells when the connection is lost, but not when it was closed here', async () => {
  const first = await opened();
  first.socket.close();
  expect(first.heard.lost).toHaveBeenCalledOnce();
  expect(() => first.transport.send({ janus: 'info', transaction: 't' })).toThrow();
  const second = await opened();
  second.transport.close();
  expect(second.heard.lost).not.toHaveBeenCalled();
});

it('fails to open when the server is not there', async () => {
  const transport = new WebSocketTransport('ws://test');
  const opening = transport.open(listener());
  FakeSocket.last.close();
  await expect(opening).rejects.toMatchObject({ reason: ErrorReason.ConnectionFailed });
});
