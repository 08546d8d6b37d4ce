// The end: our code for tokens; and which providers there are.
#include <memory>
#include <optional>
#include <utility>

#include <cardea/sdk/ids.hpp>

#include "plugins/auth/crypto.hpp"
#include "plugins/auth/oauth/accounts.hpp"
#include "plugins/auth/oauth/flow.hpp"
#include "plugins/auth/oauth/pkce.hpp"
#include "plugins/auth/oauth/requests.hpp"
#include "plugins/auth/totp.hpp"

namespace cardea::auth::oauth {

namespace {

constexpr std::int64_t kSecondFactorSeconds = 300;

bool is_bearer(const sdk::RestCall& call, const Grant& grant) {
  const bool browser_fits =
      grant.browser.empty() ||
      sdk::same_secret(grant.browser, sha256_hex(std::string(call.cookie(kCookie))));
  const bool program_fits =
      grant.challenge.empty() ||
      sdk::same_secret(grant.challenge, pkce_challenge(call["code_verifier"].as_text()));
  return browser_fits && program_fits;
}

struct Exchange {
  Call call;
  Grant grant;
  bool code_wanted = false;  ///< of the second factor
  Login login;
};
using Shared = std::shared_ptr<Exchange>;

sdk::RestProblem invalid() {
  return refused("invalid_code", "The code is unknown, used or too old");
}

// The code is used up by now: a new one goes with the question for the second factor, and each
// wrong answer costs a whole login.
void ask_for_second_factor(Auth& auth, const Shared& turn) {
  auth.oauth().tickets().issue(
      kCode, turn->grant.to_json(), kSecondFactorSeconds,
      [turn](const std::optional<std::string>& code) {
        if (!code) {
          turn->call->fail(503, "bus_unavailable", "Logins cannot be kept now");
          return;
        }
        turn->call->reply(Json::object({{"totp_required", true}, {"code", *code}}));
      });
}

Auth::Problem begin(Auth& auth, const Shared& turn, sdk::Transaction& transaction) {
  turn->code_wanted = false;
  const auto user = users::by_id(transaction, turn->grant.user);
  if (!user || user->disabled) {
    return invalid();
  }
  const auto factor = totp::find(transaction, user->id);
  const std::string code = (*turn->call)["totp_code"].text_or();
  const bool asked = factor && factor->enabled;
  if (asked && code.empty()) {
    turn->code_wanted = true;
    return std::nullopt;
  }
  if (asked && !totp::use_code(transaction, user->id, *factor, code, wall_clock())) {
    return sdk::RestProblem{
        401, "invalid_totp_code", "The code is wrong or has been used; sign in again", {}, {}};
  }
  turn->login = auth.logins().begin(transaction, *user, device_of(*turn->call));
  return std::nullopt;
}

void begin_login(Auth& auth, const Shared& turn) {
  auth.transact(
      turn->call,
      [&auth, turn](sdk::Transaction& transaction) { return begin(auth, turn, transaction); },
      [&auth, turn] {
        if (turn->code_wanted) {
          ask_for_second_factor(auth, turn);
          return;
        }
        auth.revoke(turn->login.ended);
        turn->call->reply(auth.login_answer(turn->login));
      });
}

}  // namespace

void exchange(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  auth.oauth().tickets().redeem(
      kCode, (*call)["code"].as_text(), [&auth, call](const std::optional<Json>& content) {
        const Grant grant = content ? Grant::from_json(*content) : Grant();
        if (!content || !is_bearer(*call, grant)) {
          call->fail(invalid());
          return;
        }
        begin_login(auth, std::make_shared<Exchange>(Exchange{call, grant, false, {}}));
      });
}

void confirm(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  auth.transact(
      call,
      [code = (*call)["token"].text_or()](sdk::Transaction& transaction) -> Auth::Problem {
        if (!confirm_link(transaction, code)) {
          return invalid();
        }
        return std::nullopt;
      },
      [call] { call->reply(); });
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
