// A real OpenID provider (npm's oidc-provider) as a process: node oidc_provider.mjs PORT REDIRECT_URI. Who comes by
// /interaction/...?account=NAME is signed in as NAME, whose address is NAME@example.org.
import Provider from 'oidc-provider';

const [port, redirectUri] = process.argv.slice(2);
const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [
    {
      client_id: 'cardea',
      client_secret: 'planted-client-secret',
      redirect_uris: [redirectUri],
      token_endpoint_auth_method: 'client_secret_post',
    },
  ],
  cookies: { keys: ['for tests'] },
  claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name', 'preferred_username'] },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  findAccount: (_, id) => ({
    accountId: id,
    claims: () => ({ sub: id, email: `${id}@example.org`, email_verified: true, name: `The ${id}`, preferred_username: id }),
  }),
});

async function consent({ prompt, params, session, grantId }, account) {
  if (prompt.name === 'login') {
    return { login: { accountId: account } };
  }
  const grant = grantId
    ? await provider.Grant.find(grantId)
    : new provider.Grant({ accountId: session.accountId, clientId: params.client_id });
  grant.addOIDCScope('openid email profile');
  return { consent: { grantId: await grant.save() } };
}

provider.use(async (context, next) => {
  if (!context.path.startsWith('/interaction/')) {
    return next();
  }
  const details = await provider.interactionDetails(context.req, context.res);
  const result = await consent(details, context.query.account);
  await provider.interactionFinished(context.req, context.res, result, { mergeWithLastSubmission: true });
  context.respond = false;
});

provider.listen(Number(port), '127.0.0.1', () => console.log('ready'));
