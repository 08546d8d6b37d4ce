// A provider that can misbehave: OpenID Connect as Google and Slack speak it, and GitHub's OAuth with its API, as their
// documentation shows the answers.
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer } from 'node:http';
import { freePorts } from './process.mjs';

const encode = (value) => Buffer.from(value).toString('base64url');
const kinds = {
  RS256: () => generateKeyPairSync('rsa', { modulusLength: 2048 }),
  ES256: () => generateKeyPairSync('ec', { namedCurve: 'P-256' }),
};

/**
 * @param {'RS256' | 'ES256'} algorithm of its tokens.
 * @returns `url`, `mood` (what it does differently from now on, see below; clear it with `calm()`), `asked` (requests),
 *   `end()`. Moods: `person` (claims), `claims(claims)`, `idToken(claims)`, `callback(parameters)`, `token(answer)`,
 *   `answer(path, response)` which returns true when it has answered, `emails`, `user`, `hint` (kind "github").
 */
export async function startFakeProvider(algorithm = 'RS256') {
  const [port] = await freePorts(1);
  const url = `http://127.0.0.1:${port}`;
  const key = kinds[algorithm]();
  const jwk = { ...key.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: algorithm };
  const codes = new Map();
  const asked = [];
  let mood = {};

  const signed = (claims, header = {}, signer = key.privateKey) => {
    const text = `${encode(JSON.stringify({ alg: algorithm, kid: 'one', ...header }))}.${encode(JSON.stringify(claims))}`;
    return `${text}.${sign('sha256', Buffer.from(text), { key: signer, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
  };
  const claimsFor = (login) => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: url,
      aud: 'cardea',
      iat: now,
      exp: now + 300,
      nonce: login.nonce,
      sub: 'U123',
      email: 'ann@example.org',
      email_verified: true,
      name: 'Ann Other',
      ...mood.person,
    };
    return mood.claims?.(claims) ?? claims;
  };
  const pages = {
    '/.well-known/openid-configuration': () => ({
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/keys`,
    }),
    '/keys': () => ({ keys: [jwk] }),
    '/token': (form) => {
      const login = codes.get(form.get('code'));
      codes.delete(form.get('code'));
      const challenge = createHash('sha256').update(form.get('code_verifier') ?? '').digest('base64url');
      const fits =
        login &&
        form.get('grant_type') === 'authorization_code' &&
        form.get('client_id') === 'cardea' &&
        form.get('client_secret') === 'planted-client-secret' &&
        form.get('redirect_uri') === login.redirect_uri &&
        login.code_challenge === challenge;
      if (!fits) {
        return { ok: false, error: 'invalid_code' };
      }
      const claims = claimsFor(login);
      const answer = {
        ok: true,
        access_token: 'planted-access-token',
        token_type: 'Bearer',
        id_token: mood.idToken?.(claims) ?? signed(claims),
      };
      return mood.token?.(answer) ?? answer;
    },
    '/user': () => ({ login: 'ann-other', id: 583231, name: 'Ann Other', email: null, ...mood.user }),
    '/user/emails': () =>
      mood.emails ?? [
        { email: 'old@example.org', verified: true, primary: false, visibility: null },
        { email: 'ann@example.org', verified: true, primary: true, visibility: 'private' },
      ],
  };
  const authorize = (query, response) => {
    const code = randomBytes(8).toString('hex');
    codes.set(code, Object.fromEntries(query));
    const back = new URL(query.get('redirect_uri'));
    const parameters = { code, state: query.get('state') };
    for (const [name, value] of Object.entries(mood.callback?.(parameters) ?? parameters)) {
      back.searchParams.set(name, value);
    }
    response.writeHead(302, { Location: back.href }).end();
  };
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (bytes) => (body += bytes));
    request.on('end', () => {
      const { pathname, searchParams } = new URL(request.url, url);
      asked.push({ path: pathname, query: searchParams, form: new URLSearchParams(body), headers: request.headers });
      if (mood.answer?.(pathname, response)) {
        return;
      }
      if (pathname === '/authorize') {
        authorize(searchParams, response);
        return;
      }
      const page = pages[pathname];
      response.writeHead(page ? 200 : 404, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(page ? page(new URLSearchParams(body)) : { message: 'Not Found' }));
    });
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  return {
    url,
    asked,
    signed,
    set mood(next) {
      mood = next;
    },
    calm() {
      mood = {};
    },
    async end() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
