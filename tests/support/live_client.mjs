// A device on the event socket (/api/v1/ws): what it was told, in order.
import assert from 'node:assert/strict';
import WebSocket from 'ws';

/** @returns `events` (all that have a seq), `hello`, `until(type, match)`, `say(type, payload)`, `cut()`, `leave()`. */
export async function device(server, token) {
  const socket = new WebSocket(`${server.httpUrl.replace('http', 'ws')}/api/v1/ws?token=${token}`);
  const events = [];
  const others = [];
  let wake = () => {};
  socket.on('message', (data) => {
    const message = JSON.parse(data);
    (message.seq ? events : others).push(message);
    wake();
  });
  socket.on('error', () => {});
  const closed = new Promise((resolve) => socket.on('close', (code) => resolve(code)));
  const wait = async (what, look, ms = 20_000) => {
    const end = Date.now() + ms;
    for (;;) {
      const found = look();
      if (found) {
        return found;
      }
      assert.ok(Date.now() < end, `${what}: not within ${ms} ms; heard ${JSON.stringify(events)}`);
      await new Promise((resolve) => {
        const timer = setTimeout(resolve, 200);
        wake = () => (clearTimeout(timer), resolve());
      });
    }
  };
  await wait('hello', () => others.find((each) => each.type === 'hello'));
  return {
    socket,
    events,
    others,
    closed,
    hello: others[0],
    /** The first event of that type, whose payload has these members, that came after `from`. */
    until: (type, match = {}, from = 0) =>
      wait(`${type} ${JSON.stringify(match)}`, () =>
        events
          .slice(from)
          .find((each) => each.type === type && Object.entries(match).every(([key, value]) => each.payload[key] === value)),
      ),
    wait,
    say: (type, payload) => socket.send(JSON.stringify({ type, payload })),
    cut: () => socket.terminate(),
    async leave() {
      socket.send('{"type":"leave"}');
      await closed;
    },
  };
}
