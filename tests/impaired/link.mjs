// A bad line (link.cpp) as a test holds it.
import { join } from 'node:path';
import { startProcess } from '../support/process.mjs';
import { buildFolder } from '../support/server.mjs';

const words = (settings) =>
  Object.entries(settings)
    .map(([key, value]) => `${key}=${value}`)
    .join(' ');

/**
 * A line to the server's UDP port. Settings are those of link.cpp, in ms, bit/s and parts of one.
 * @param {{up?: object, down?: object}} settings `up` is towards the server.
 * @returns `port` that clients send to; `set({up, down})` changes what is named; `rebind()` moves the clients to other
 *   ports, as a NAT does; `stats()`; `stop()`.
 */
export async function startLink(serverPort, settings = {}) {
  const process = startProcess(join(buildFolder(), 'bin', 'impaired_link'), [String(serverPort)], {
    input: true,
  });
  const [, port] = await process.waitFor(/^port (\d+)$/m);
  const say = (text) => process.child.stdin.write(`${text}\n`);
  let asked = 0;
  const link = {
    port: Number(port),
    set(changes) {
      for (const [way, values] of Object.entries(changes)) {
        say(`${way} ${words(values)}`);
      }
    },
    rebind: () => say('rebind'),
    async stats() {
      asked += 1;
      say('stats');
      const answers = new RegExp(`(?:^\\{.*\\}\\n[^]*?){${asked}}`, 'm');
      await process.waitFor(answers);
      const lines = process.log().match(/^\{.*\}$/gm);
      return JSON.parse(lines[asked - 1]);
    },
    stop: () => process.stop(),
  };
  link.set(settings);
  return link;
}
