// Mail over SMTP: delivery, login, tries, bounds, and what is kept out of the log.
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { rest } from '../../support/each_store.mjs';
import { metric } from '../../support/metrics.mjs';
import { freePorts } from '../../support/process.mjs';
import { buildFolder, startServer } from '../../support/server.mjs';
import { startSmtp } from '../../support/smtp_server.mjs';
import { until } from '../../support/stores.mjs';

/** Runs `check(send, server)` on a server with these keys of [mail]. */
async function withServer(keys, check) {
  const server = await startServer({
    env: {
      CARDEA_MODULES_PATHS: join(buildFolder(), 'lib', 'tests', 'people'),
      CARDEA_MODULES_DISABLE: 'auth,profiles,rooms',
      CARDEA_MAIL_FROM: 'Cardea <cardea@example.org>',
      CARDEA_MAIL_ALLOW_PLAIN: 'yes',
      CARDEA_MAIL_RETRY_MS: '20',
      ...Object.fromEntries(Object.entries(keys).map(([key, value]) => [`CARDEA_MAIL_${key}`, value])),
    },
  });
  try {
    const mail = { to: 'ann@example.org', subject: 'Hello', text: 'a secret link' };
    await check(async (changes) => (await rest(server, 'POST', '/mails', { body: { ...mail, ...changes } })).body, server);
  } finally {
    await server.stop();
  }
}

async function withSmtp(options, check) {
  const smtp = await startSmtp(options);
  try {
    await check(smtp);
  } finally {
    await smtp.end();
  }
}

test('EXT-01 a mail arrives whole', () =>
  withSmtp({}, (smtp) =>
    withServer({ URL: smtp.url }, async (send, server) => {
      const text = `Grüße\n.\n${'x'.repeat(3000)}`;
      assert.deepEqual(await send({ subject: 'Schöne Grüße', text }), { ready: true, sent: true });
      await until('the mail', () => smtp.mails.length === 1);
      const [mail] = smtp.mails;
      assert.equal(mail.from, 'cardea@example.org');
      assert.deepEqual(mail.to, ['ann@example.org']);
      assert.match(mail.header, /^From: Cardea <cardea@example.org>$/m);
      assert.match(mail.header, /^Subject: =\?UTF-8\?B\?U2Now7ZuZSBHcsO8w59l\?=$/m);
      assert.equal(mail.text, text);
      assert.ok(!server.log().includes('ann@example.org'));
    })));

test('EXT-01 without a server mail says that it is off', () =>
  withServer({}, async (send) => assert.deepEqual(await send(), { ready: false, sent: false })));

test('EXT-01 the server gets name and password, and the log does not', () =>
  withSmtp({ login: ['cardea', 'planted-mail-password'] }, async (smtp) => {
    await withServer({ URL: smtp.url, USER: 'cardea', PASSWORD: 'planted-mail-password' }, async (send, server) => {
      await send();
      await until('the mail', () => smtp.mails.length === 1);
      assert.ok(!server.log().includes('planted-mail-password'));
    });
    await withServer({ URL: smtp.url, USER: 'cardea', PASSWORD: 'planted-wrong-password', TRIES: '2' }, async (send, server) => {
      await send();
      await until('the error', () => server.log().includes('a mail is given up'));
      assert.doesNotMatch(server.log(), /planted|ann@|secret link/);
      assert.equal(smtp.mails.length, 1);
    });
  }));

test('EXT-01 a failure that may pass is tried again, a final one is not', () =>
  withSmtp({ refuse: (mail) => ['451 later', '451 later', undefined, '550 never'][mail] }, (smtp) =>
    withServer({ URL: smtp.url }, async (send, server) => {
      await send();
      await until('the third try', () => smtp.mails.length === 1);
      assert.equal(server.log().match(/again later/g).length, 2);
      await send({ subject: 'final' });
      await until('the end', () => /given up: .*550/.test(server.log()));
      await send({ subject: 'next' });
      await until('the next', () => smtp.mails.length === 2);
    })));

test('EXT-01 addresses that could say more to the server are refused', () =>
  withSmtp({}, (smtp) =>
    withServer({ URL: smtp.url }, async (send) => {
      for (const to of ['a@b>\r\nRCPT TO:<c@d', 'a@b, c@d', 'nobody', 'ä@example.org']) {
        assert.equal((await send({ to })).sent, false, to);
      }
      assert.equal(smtp.mails.length, 0);
    })));

test('EXT-01 what waits is bounded and counted', async () => {
  const [closed] = await freePorts(1);
  await withServer({ URL: `smtp://127.0.0.1:${closed}`, QUEUE: '2', RETRY_MS: '3600000' }, async (send, server) => {
    assert.deepEqual([(await send()).sent, (await send()).sent, (await send()).sent], [true, true, false]);
    assert.equal(await metric(server, 'cardea_limit_hits_total{limit="mail_smtp_queue"}'), 1);
  });
});

test('EXT-01 without TLS nothing is sent unless the configuration allows it', () =>
  withSmtp({}, (smtp) =>
    withServer({ URL: smtp.url, ALLOW_PLAIN: 'no', TRIES: '1' }, async (send, server) => {
      await send();
      await until('the error', () => server.log().includes('a mail is given up'));
      assert.equal(smtp.mails.length, 0);
    })));
