// A network namespace with one veth pair, for servers that do not use loopback interfaces. Needs root.
import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);
const ip = (...args) => run('ip', args);

/**
 * @returns {{name: string, address: string, hostAddress: string, command: (c: string, a: string[]) => [string, string[]],
 *   remove: () => Promise<void>}} `address` is the namespace's own; `command` wraps a command line to run inside.
 */
export async function createNamespace() {
  const name = `cardea-${process.pid}`;
  const [outside, inside] = [`cd${process.pid}o`, `cd${process.pid}i`];
  // A /30 out of 10.213.0.0/16, picked by process id so that parallel runs do not meet.
  const block = (process.pid % 16384) * 4;
  const at = (host) => `10.213.${block >> 8}.${(block & 255) + host}`;
  // A test that dies leaves nothing behind either; the veth pair goes with the namespace.
  const emergency = () => execFileSync('ip', ['netns', 'del', name], { stdio: 'ignore' });
  process.once('exit', emergency);
  const remove = async () => {
    process.off('exit', emergency);
    await ip('netns', 'del', name).catch(() => {});
    await ip('link', 'del', outside).catch(() => {});
  };
  try {
    await ip('netns', 'add', name);
    await ip('link', 'add', outside, 'type', 'veth', 'peer', 'name', inside, 'netns', name);
    await ip('addr', 'add', `${at(1)}/30`, 'dev', outside);
    await ip('link', 'set', outside, 'up');
    await ip('-n', name, 'addr', 'add', `${at(2)}/30`, 'dev', inside);
    await ip('-n', name, 'link', 'set', inside, 'up');
    await ip('-n', name, 'link', 'set', 'lo', 'up');
    // Firefox sends from the address of the default route, whatever the destination.
    await ip('-n', name, 'route', 'add', 'default', 'via', at(1));
  } catch (error) {
    await remove();
    throw error;
  }
  return {
    name,
    address: at(2),
    hostAddress: at(1),
    command: (command, args) => ['ip', ['netns', 'exec', name, command, ...args]],
    remove,
  };
}
