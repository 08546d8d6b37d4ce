// The beginning: browsers are sent to the provider.
#include <array>
#include <utility>

#include "plugins/auth/crypto.hpp"
#include "plugins/auth/oauth/flow.hpp"
#include "plugins/auth/oauth/native.hpp"
#include "plugins/auth/oauth/requests.hpp"

namespace cardea::auth::oauth {

namespace {

constexpr std::size_t kSecretBytes = 32;
constexpr std::size_t kChallenge = 43;  // SHA-256 in base64url

struct Start {
  Call call;
  Flow flow;
  std::string cookie;
  Known known;
  std::optional<Error> error;
  bool as_json = false;  ///< the URL in the answer, not a redirect
};

std::string cookie_header(const Start& start) {
  const bool secure = start.call->base_url().starts_with("https://");
  return std::string(kCookie) + "=" + start.cookie +
         "; Path=/; HttpOnly; SameSite=Lax; Max-Age=" + std::to_string(kStateSeconds) +
         (secure ? "; Secure" : "");
}

void send_away(const std::shared_ptr<Start>& start, const std::string& url) {
  const sdk::RestHeaders headers{{"Set-Cookie", cookie_header(*start)},
                                 {"Cache-Control", "no-store"}};
  if (start->as_json) {
    start->call->reply(Json::object({{"url", url}}), headers);
  } else {
    start->call->redirect(url, headers);
  }
}

void keep_state(Auth& auth, const Provider& provider, const std::shared_ptr<Start>& start) {
  auth.oauth().known(provider) = start->known;
  auth.oauth().tickets().issue(
      kState, start->flow.to_json(), kStateSeconds,
      [&auth, &provider, start](const std::optional<std::string>& state) {
        if (!state) {
          start->call->fail(
              {503, "bus_unavailable", "Logins cannot be kept now", {}, {{"Retry-After", "5"}}});
          return;
        }
        const auto url =
            Client(provider, wall_clock(), auth.oauth().background().stopping())
                .authorize_url(start->known, start->flow.secrets, *state, start->flow.redirect_uri);
        if (!url) {
          fail(auth, start->call, provider, url.error());
          return;
        }
        send_away(start, *url);
      });
}

void begin(Auth& auth, const Provider& provider, const std::shared_ptr<Start>& start) {
  Flow& flow = start->flow;
  start->cookie = random_token(kSecretBytes);
  flow.provider = provider.name;
  flow.secrets = {random_token(kSecretBytes), random_token(kSecretBytes)};
  flow.redirect_uri = start->call->base_url() + provider.callback_path;
  flow.browser = sha256_hex(start->cookie);
  start->known = auth.oauth().known(provider);
  in_background(
      auth, start->call,
      [&auth, &provider, start] {
        if (const auto learnt = Client(provider, wall_clock(), auth.oauth().background().stopping())
                                    .learn(start->known);
            !learnt) {
          start->error = learnt.error();
        }
      },
      [&auth, &provider, start] {
        if (start->error) {
          fail(auth, start->call, provider, *start->error);
          return;
        }
        keep_state(auth, provider, start);
      });
}

bool target_fits(Auth& auth, const Flow& flow) {
  return flow.target.empty() || flow.target == kShowCode ||
         is_listed(flow.target, auth.oauth().settings().native_redirects);
}

}  // namespace

void login(Auth& auth, sdk::RestCall request) {
  const Provider* provider = provider_of(auth, request);
  if (provider == nullptr) {
    return;
  }
  const auto start = std::make_shared<Start>();
  start->call = std::make_shared<sdk::RestCall>(std::move(request));
  const sdk::RestCall& call = *start->call;
  Flow& flow = start->flow;
  flow.invite = call["invite"].text_or(call["invite_uuid"].as_text());
  flow.target = call["redirect_to"].text_or();
  flow.challenge = call["code_challenge"].text_or();
  if (!target_fits(auth, flow)) {
    start->call->fail(refused("redirect_refused", "redirect_to is not on the list"));
    return;
  }
  const bool needed = flow.target == kShowCode;
  if ((needed || !flow.challenge.empty()) && flow.challenge.size() != kChallenge) {
    start->call->fail(refused("invalid_parameter", "code_challenge wants 43 characters, of S256"));
    return;
  }
  begin(auth, *provider, start);
}

void link(Auth& auth, sdk::RestCall request) {
  const Provider* provider = provider_of(auth, request);
  if (provider == nullptr) {
    return;
  }
  const auto start = std::make_shared<Start>();
  start->call = std::make_shared<sdk::RestCall>(std::move(request));
  start->flow.link_user = start->call->principal().id;
  start->as_json = true;
  begin(auth, *provider, start);
}

}  // namespace cardea::auth::oauth
