// The differential test: the same conversations with Debian's janus and with Cardea must have the
// same structure, but for the differences that deliberate.mjs lists. Needs root for the media part
// (a network namespace, because janus gathers no loopback candidates).
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, before, describe, it } from 'node:test';
import { isDeepStrictEqual } from 'node:util';

import { startJanus } from '../../support/janus.mjs';
import { startServer } from '../../support/server.mjs';
import { deliberate, infoLeftOut } from './deliberate.mjs';
import { startBrowserPeers } from './support/browser_peers.mjs';
import { script as httpScript } from './conversations/http.mjs';
import { converse } from './support/conversation.mjs';
import { shapeOf } from './support/shape.mjs';
import { Wire } from './support/wire.mjs';

const kConversations = [
  'core', 'echotest', 'rooms', 'participants', 'publishing', 'media', 'crowd', 'changes', 'guarded', 'textroom',
];

const offerText = (name) => readFile(new URL(`./fixtures/${name}.sdp`, import.meta.url), 'utf8');

/** Everything that differs, by the place that deliberate.mjs names it with. */
function differences(reference, ours) {
  const found = new Map();
  for (const part of ['answers', 'unasked']) {
    const labels = new Set([...Object.keys(reference[part]), ...Object.keys(ours[part])]);
    for (const label of labels) {
      const [theirs, mine] = [reference[part][label], ours[part][label]];
      if (!isDeepStrictEqual(theirs, mine)) {
        found.set(part === 'answers' ? label : `unasked: ${label}`, { janus: theirs, cardea: mine });
      }
    }
  }
  return found;
}

/** Fails when anything differs that is not `meant` to, or is the same although it is. */
function assertMeant(found, meant = {}) {
  const surprises = [...found].filter(([label]) => !(label in meant));
  assert.deepEqual(
    surprises.map(([label, pair]) => `${label}: ${JSON.stringify(pair)}`), [],
    `${surprises.length} differences that nobody meant`,
  );
  const stale = Object.keys(meant).filter((label) => !found.has(label));
  assert.deepEqual(stale, [], 'listed as different, but the same');
}

/** The HTTP script against one API. @returns as converse(). */
async function converseOverHttp(api) {
  const answers = {};
  await httpScript(async (label, method, path, body) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const response = await fetch(`${api}${path}`, { method, body: text });
    const said = await response.text();
    let json;
    try {
      json = JSON.parse(said);
    } catch {
      json = undefined;
    }
    const shape = label === 'info' ? json?.janus : json && shapeOf(json);
    answers[label] = { status: response.status, body: shape ?? typeof said };
    return json;
  });
  return { answers, unasked: {} };
}

describe('the Janus contract', { timeout: 360_000 }, () => {
  const servers = [];
  let context;

  before(async () => {
    servers.push(await startJanus({ media: true }));
    servers.push(await startServer());
    context = {
      offers: {
        publish: await offerText('publish-audio-video'),
        video: await offerText('publish-video'),
        simulcast: await offerText('publish-simulcast'),
        echo: await offerText('echo-audio-video-data'),
      },
      peers: await startBrowserPeers(),
    };
  });
  after(async () => {
    await context?.peers.close();
    for (const server of servers) {
      await server.stop();
    }
  });

  for (const file of kConversations) {
    it(`is kept in the conversation "${file}"`, async () => {
      const { script } = await import(`./conversations/${file}.mjs`);
      // One after the other: both use the same browser page.
      const reference = await converse(servers[0].websocketUrl, script, context);
      const ours = await converse(servers[1].websocketUrl, script, context);
      assertMeant(differences(reference, ours), deliberate[file]);
    });
  }

  it('is kept by paths and long polls', async () => {
    const reference = await converseOverHttp(servers[0].httpUrl);
    const ours = await converseOverHttp(`${servers[1].httpUrl}/janus`);
    assertMeant(differences(reference, ours), deliberate.http);
  });

  it('has in `info` what Janus has', async () => {
    const infos = [];
    for (const { websocketUrl } of servers) {
      const wire = await Wire.open(websocketUrl);
      infos.push((await wire.request({ janus: 'info' }))[0]);
      await wire.close();
    }
    const [reference, ours] = infos;
    const missing = Object.keys(reference).filter(
      (key) => typeof ours[key] !== typeof reference[key] && !infoLeftOut.has(key),
    );
    assert.deepEqual(missing, []);
    for (const plugin of Object.keys(reference.plugins)) {
      assert.deepEqual(
        Object.keys(ours.plugins[plugin] ?? {}).sort(), Object.keys(reference.plugins[plugin]).sort(),
        plugin,
      );
    }
  });
});
