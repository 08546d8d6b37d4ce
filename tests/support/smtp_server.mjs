// A small SMTP server (RFC 5321) that keeps what it gets; answers can be spoilt.
import { createServer } from 'node:net';
import { freePorts } from './process.mjs';

/**
 * @param {{refuse?: (mail: number) => string | undefined, login?: [string, string]}} options `refuse` gives the answer
 *   to DATA's text instead of 250 for the n-th mail; `login` asks for AUTH PLAIN.
 * @returns `url`, `mails` ({from, to, header, text}), `end()`.
 */
export async function startSmtp({ refuse = () => undefined, login } = {}) {
  const [port] = await freePorts(1);
  const mails = [];
  const sockets = new Set();
  let seen = 0;
  const converse = (socket) => {
    let waiting = '';
    let data;
    let mail = {};
    let known = !login;
    let loggingIn = false;
    const say = (line) => socket.write(`${line}\r\n`);
    const command = (line) => {
      const verb = line.slice(0, 4).toUpperCase();
      if (verb === 'EHLO') {
        say('250-test');
        say(login ? '250 AUTH PLAIN' : '250 SIZE 1000000');
      } else if (verb === 'AUTH' && !line.split(' ')[2]) {
        loggingIn = true;
        say('334 ');
      } else if (verb === 'AUTH' || loggingIn) {
        loggingIn = false;
        const [, name, password] = Buffer.from(line.split(' ').pop(), 'base64').toString().split('\0');
        known = name === login[0] && password === login[1];
        say(known ? '235 welcome' : '535 no');
      } else if (!known) {
        say('530 log in first');
      } else if (verb === 'MAIL') {
        mail = { from: /<(.*?)>/.exec(line)[1], to: [] };
        say('250 ok');
      } else if (verb === 'RCPT') {
        mail.to.push(/<(.*?)>/.exec(line)[1]);
        say('250 ok');
      } else if (verb === 'DATA') {
        data = '';
        say('354 go on');
      } else if (verb === 'QUIT') {
        say('221 bye');
        socket.end();
      } else {
        say('500 what');
      }
    };
    const finish = () => {
      const [header, body] = data.split('\r\n\r\n');
      const refused = refuse(seen++);
      if (!refused) {
        mails.push({ ...mail, header, text: Buffer.from(body, 'base64').toString() });
      }
      data = undefined;
      say(refused ?? '250 taken');
    };
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
    socket.on('data', (bytes) => {
      waiting += bytes;
      for (let end = waiting.indexOf('\r\n'); end >= 0; end = waiting.indexOf('\r\n')) {
        const line = waiting.slice(0, end);
        waiting = waiting.slice(end + 2);
        if (data === undefined) {
          command(line);
        } else if (line === '.') {
          finish();
        } else {
          data += `${line}\r\n`;
        }
      }
    });
    say('220 test');
  };
  const server = createServer(converse);
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url: `smtp://127.0.0.1:${port}`,
    mails,
    async end() {
      sockets.forEach((socket) => socket.destroy());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
