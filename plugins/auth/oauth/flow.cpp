#include "plugins/auth/oauth/flow.hpp"

#include "plugins/auth/oauth/fetch.hpp"

namespace cardea::auth::oauth {

Json Flow::to_json() const {
  return Json::object({{"provider", provider},
                       {"verifier", secrets.verifier},
                       {"nonce", secrets.nonce},
                       {"redirect_uri", redirect_uri},
                       {"browser", browser},
                       {"invite", invite},
                       {"target", target},
                       {"challenge", challenge},
                       {"link_user", link_user}});
}

Flow Flow::from_json(const Json& json) {
  return {json["provider"].text_or(),     {json["verifier"].text_or(), json["nonce"].text_or()},
          json["redirect_uri"].text_or(), json["browser"].text_or(),
          json["invite"].text_or(),       json["target"].text_or(),
          json["challenge"].text_or(),    json["link_user"].text_or()};
}

Json Grant::to_json() const {
  return Json::object({{"user", user}, {"browser", browser}, {"challenge", challenge}});
}

Grant Grant::from_json(const Json& json) {
  return {json["user"].text_or(), json["browser"].text_or(), json["challenge"].text_or()};
}

sdk::RestProblem refused(const char* code, const char* detail) {
  return {400, code, detail, {}, {}};
}

std::string with_query(const std::string& url, const Fields& fields) {
  return url + (url.find('?') == std::string::npos ? "?" : "&") + form_of(fields);
}

std::string goal_of(const OAuth& oauth, const Flow& flow) {
  return flow.target.empty() || flow.target == kShowCode ? oauth.settings().success_url
                                                         : flow.target;
}

const Provider* provider_of(Auth& auth, sdk::RestCall& call) {
  const Provider* provider = auth.oauth().find(call["provider"].as_text());
  if (provider == nullptr) {
    call.fail(400, "unknown_provider", "There is no such provider");
    return nullptr;
  }
  if (!provider->enabled()) {
    call.fail(503, "provider_off", "This provider is not set up here");
    return nullptr;
  }
  return provider;
}

void in_background(Auth& auth, const Call& call, std::function<void()> work,
                   std::function<void()> done) {
  if (!auth.oauth().background().run(std::move(work), std::move(done))) {
    auth.server().limit_hit("providers");
    call->fail({503, "busy", "Too many are signing in at this moment", {}, {{"Retry-After", "5"}}});
  }
}

void fail(Auth& auth, const Call& call, const Provider& provider, const Error& error) {
  auth.host().warn("login with " + provider.name + ": " + error.message);
  if (error.code == kUnreachable) {
    call->fail(502, "provider_failed", "The provider cannot be reached or does not answer well");
  } else {
    call->fail(refused("oauth_refused", "The provider's answer is not accepted"));
  }
}

}  // namespace cardea::auth::oauth
