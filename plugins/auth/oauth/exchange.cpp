// The end: our code for tokens; and which providers there are.
#include <memory>
#include <optional>
#include <utility>

#include <cardea/sdk/ids.hpp>

#include "plugins/auth/crypto.hpp"
#include "plugins/auth/oauth/flow.hpp"
#include "plugins/auth/oauth/pkce.hpp"
#include "plugins/auth/oauth/requests.hpp"

namespace cardea::auth::oauth {

namespace {

bool is_bearer(const sdk::RestCall& call, const Grant& grant) {
  const bool browser_fits =
      grant.browser.empty() ||
      sdk::same_secret(grant.browser, sha256_hex(std::string(call.cookie(kCookie))));
  const bool program_fits =
      grant.challenge.empty() ||
      sdk::same_secret(grant.challenge, pkce_challenge(call["code_verifier"].as_text()));
  return browser_fits && program_fits;
}

void begin_login(Auth& auth, const Call& call, const std::string& user_id) {
  const auto login = std::make_shared<Login>();
  auth.transact(
      call,
      [&auth, call, login, user_id](sdk::Transaction& transaction) -> Auth::Problem {
        const auto user = users::by_id(transaction, user_id);
        if (!user || user->disabled) {
          return refused("invalid_code", "The account has ended or is disabled");
        }
        *login = auth.logins().begin(transaction, *user, device_of(*call));
        return std::nullopt;
      },
      [&auth, call, login] {
        auth.revoke(login->ended);
        call->reply(auth.login_answer(*login));
      });
}

}  // namespace

void exchange(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  auth.oauth().tickets().redeem(
      kCode, (*call)["code"].as_text(), [&auth, call](const std::optional<Json>& content) {
        const Grant grant = content ? Grant::from_json(*content) : Grant();
        if (!content || !is_bearer(*call, grant)) {
          call->fail(refused("invalid_code", "The code is unknown, used or too old"));
          return;
        }
        begin_login(auth, call, grant.user);
      });
}

void list_providers(Auth& auth, sdk::RestCall call) {
  Json out = Json::array();
  for (const Provider& provider : auth.oauth().settings().providers) {
    if (provider.enabled()) {
      out.push(Json::object({{"name", provider.name},
                             {"title", provider.title},
                             {"login_path", "/api/v1/auth/" + provider.name + "/login"}}));
    }
  }
  call.reply(out);
}

}  // namespace cardea::auth::oauth
