// Requests that have to do with tokens: log in, refresh, log out; and who one is.
#include <array>
#include <memory>
#include <utility>

#include "plugins/auth/prove.hpp"
#include "plugins/auth/requests.hpp"
#include "plugins/auth/totp.hpp"
#include "plugins/auth/views.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;

// What becomes of a password that was right.
enum class Verdict { Welcome, CodeWanted, WrongCode };

struct Turn {
  Verdict verdict = Verdict::Welcome;
  Login login;
};

Verdict second_factor(sdk::Transaction& transaction, const sdk::RestCall& call, const User& user) {
  const auto factor = totp::find(transaction, user.id);
  if (!factor || !factor->enabled) {
    return Verdict::Welcome;
  }
  const std::string code = call["totp_code"].text_or();
  if (code.empty()) {
    return Verdict::CodeWanted;
  }
  return totp::use_code(transaction, user.id, *factor, code, wall_clock()) ? Verdict::Welcome
                                                                           : Verdict::WrongCode;
}

void answer(Auth& auth, sdk::RestCall& call, const Proof& proof, const Turn& turn) {
  if (turn.verdict == Verdict::WrongCode) {
    auth.delay().failed(proof.who);
    call.fail(401, "invalid_totp_code", "The code is wrong or has been used");
    return;
  }
  auth.delay().passed(proof.who);
  if (turn.verdict == Verdict::CodeWanted) {
    call.reply(Json::object({{"totp_required", true}}));
    return;
  }
  auth.revoke(turn.login.ended);
  call.reply(auth.login_answer(turn.login));
}

void begin(Auth& auth, const Call& call, const Proof& proof) {
  const auto turn = std::make_shared<Turn>();
  auth.transact(
      call,
      [&auth, call, proof, turn](sdk::Transaction& transaction) -> Auth::Problem {
        *turn = {};
        User user;
        if (auto changed = still_good(transaction, proof, user)) {
          return changed;
        }
        turn->verdict = second_factor(transaction, *call, user);
        if (turn->verdict != Verdict::Welcome) {
          return std::nullopt;
        }
        if (!proof.new_record.empty()) {
          users::set_password(transaction, user.id, proof.new_record);
        }
        turn->login = auth.logins().begin(transaction, user, device_of(*call));
        return std::nullopt;
      },
      [&auth, call, proof, turn] { answer(auth, *call, proof, *turn); });
}

void login(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  std::string name;
  for (const char* parameter : {"login", "username", "email"}) {
    name = name.empty() ? trimmed((*call)[parameter].as_text()) : name;
  }
  if (name.empty()) {
    call->fail(400, "missing_parameter", "One of login, username, email is needed");
    return;
  }
  prove_password(
      auth, call,
      [name](sdk::Transaction& transaction) { return users::by_login(transaction, name); }, name,
      [&auth, call](const Proof& proof) { begin(auth, call, proof); });
}

void refresh(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  struct Renewal {
    Logins::Refreshed outcome = Logins::Refreshed::Unknown;
    Login login;
  };
  const auto renewal = std::make_shared<Renewal>();
  auth.transact(
      call,
      [&auth, call, renewal](sdk::Transaction& transaction) -> Auth::Problem {
        *renewal = {};
        renewal->outcome =
            auth.logins().refresh(transaction, (*call)["refresh_token"].as_text(), renewal->login);
        return std::nullopt;
      },
      [&auth, call, renewal] {
        auth.revoke(renewal->login.ended);
        if (renewal->outcome == Logins::Refreshed::Yes) {
          call->reply(auth.login_answer(renewal->login));
        } else if (renewal->outcome == Logins::Refreshed::Reused) {
          auth.host().warn("a used refresh token was shown again: its login has ended");
          call->fail(401, "refresh_token_reused", "This token has been used; log in again");
        } else {
          call->fail(401, "invalid_refresh_token", "This token is unknown or has expired");
        }
      });
}

void logout(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto ended = std::make_shared<std::vector<Revocation>>();
  auth.transact(
      call,
      [&auth, call, ended](sdk::Transaction& transaction) -> Auth::Problem {
        ended->clear();
        auth.logins().end(transaction, call->principal().session, *ended);
        return std::nullopt;
      },
      [&auth, call, ended] {
        auth.revoke(*ended);
        call->reply();
      });
}

void show_self(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto user = std::make_shared<std::optional<User>>();
  auth.transact(
      call,
      [call, user](sdk::Transaction& transaction) -> Auth::Problem {
        *user = users::by_id(transaction, call->principal().id);
        if (!*user) {
          return sdk::RestProblem{404, "not_found", "There is no such account", {}, {}};
        }
        return std::nullopt;
      },
      [call, user] { call->reply(own_view(**user)); });
}

constexpr std::array kLogin{
    param::text("login", 320, "user name or e-mail address"),
    param::text("username", 320, "the same"),
    param::text("email", 320, "the same"),
    param::required(param::text("password", 1024)),
    param::text("totp_code", 64, "with a second factor: its code, or a backup code"),
    param::text("device_name", 256, "as the list of logins shows it"),
};
constexpr std::array kRefresh{param::required(param::text("refresh_token", 256))};

constexpr std::array kOperations{
    Operation{.id = "auth.login",
              .method = "POST",
              .path = "/auth/login",
              .handle = &login,
              .access = CARDEA_RANK_NOBODY,
              .params = kLogin,
              .result = &views::kLoginResult,
              .help = "Logs in with a password",
              .limit = "login",
              .body_types = "form"},
    Operation{.id = "auth.refresh",
              .method = "POST",
              .path = "/auth/refresh",
              .handle = &refresh,
              .access = CARDEA_RANK_NOBODY,
              .params = kRefresh,
              .result = &views::kLoginResult,
              .help = "New tokens for a refresh token, which is used up",
              .limit = "refresh"},
    Operation{.id = "auth.logout",
              .method = "POST",
              .path = "/auth/logout",
              .handle = &logout,
              .access = CARDEA_RANK_GUEST,
              .status = 204,
              .help = "Ends this login: its tokens count no more",
              .limit = "logout"},
    Operation{.id = "users.me",
              .method = "GET",
              .path = "/users/me",
              .handle = &show_self,
              .result = &views::kUserResult,
              .help = "Who the token says one is"},
    Operation{.id = "auth.me",
              .method = "GET",
              .path = "/auth/me",
              .handle = &show_self,
              .result = &views::kUserResult,
              .help = "Who the token says one is"},
};

}  // namespace

std::span<const Operation> login_requests() { return kOperations; }

}  // namespace cardea::auth
