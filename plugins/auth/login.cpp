// Requests that have to do with tokens: log in, refresh, log out; and who one is.
#include <array>
#include <memory>
#include <utility>

#include "plugins/auth/auth.hpp"
#include "plugins/auth/requests.hpp"
#include "plugins/auth/views.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;

struct Attempt {
  Call call;
  std::string name;
  std::optional<User> user;
  LoginDelay::Who who;
  Login login;
};
using Shared = std::shared_ptr<Attempt>;

sdk::RestProblem wrong() {
  return {401, "invalid_credentials", "The name or the password is wrong", {}, {}};
}

void begin(Auth& auth, const Shared& attempt, const std::string& new_record) {
  auth.delay().passed(attempt->who);
  auth.transact(
      attempt->call,
      [&auth, attempt, new_record](sdk::Transaction& transaction) -> Auth::Problem {
        // As it is now: the account may have ended while the password was looked at.
        const auto user = users::by_id(transaction, attempt->user->id);
        if (!user || user->password_hash != attempt->user->password_hash) {
          return wrong();
        }
        if (user->disabled) {
          return sdk::RestProblem{403, "account_disabled", "This account is disabled", {}, {}};
        }
        if (!new_record.empty()) {
          users::set_password(transaction, user->id, new_record);
        }
        attempt->login = auth.logins().begin(transaction, *user, device_of(*attempt->call));
        return std::nullopt;
      },
      [&auth, attempt] {
        auth.revoke(attempt->login.ended);
        attempt->call->reply(auth.login_answer(attempt->login));
      });
}

void verify(Auth& auth, const Shared& attempt) {
  const std::string record = attempt->user ? attempt->user->password_hash : std::string();
  const bool taken = auth.hasher().verify((*attempt->call)["password"].text_or(), record,
                                          [&auth, attempt](const Hasher::Outcome& outcome) {
                                            if (!outcome.right) {
                                              auth.delay().failed(attempt->who);
                                              attempt->call->fail(wrong());
                                              return;
                                            }
                                            begin(auth, attempt, outcome.record);
                                          });
  if (!taken) {
    auth.server().limit_hit("hash_queue");
    auth.delay().void_attempt(attempt->who);
    attempt->call->fail(too_busy());
  }
}

void wait_or_verify(Auth& auth, const Shared& attempt) {
  attempt->who = {attempt->user ? attempt->user->id : folded(attempt->name),
                  attempt->call->remote_address()};
  auth.delay().ask(attempt->who, [&auth, attempt](std::int64_t seconds) {
    if (seconds == 0) {
      verify(auth, attempt);
      return;
    }
    auth.server().limit_hit("login_delay");
    attempt->call->fail({429,
                         "too_many_attempts",
                         "Too many wrong passwords, try again in " + std::to_string(seconds) + " s",
                         Json::object({{"retry_after", seconds}}),
                         {{"Retry-After", std::to_string(seconds)}}});
  });
}

void login(Auth& auth, sdk::RestCall request) {
  const auto attempt = std::make_shared<Attempt>();
  attempt->call = std::make_shared<sdk::RestCall>(std::move(request));
  for (const char* name : {"login", "username", "email"}) {
    if (attempt->name.empty()) {
      attempt->name = trimmed((*attempt->call)[name].as_text());
    }
  }
  if (attempt->name.empty()) {
    attempt->call->fail(400, "missing_parameter", "One of login, username, email is needed");
    return;
  }
  auth.transact(
      attempt->call,
      [attempt](sdk::Transaction& transaction) -> Auth::Problem {
        attempt->user = users::by_login(transaction, attempt->name);
        return std::nullopt;
      },
      [&auth, attempt] { wait_or_verify(auth, attempt); });
}

void refresh(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  struct Turn {
    Logins::Refreshed outcome = Logins::Refreshed::Unknown;
    Login login;
  };
  const auto turn = std::make_shared<Turn>();
  auth.transact(
      call,
      [&auth, call, turn](sdk::Transaction& transaction) -> Auth::Problem {
        *turn = {};
        turn->outcome =
            auth.logins().refresh(transaction, (*call)["refresh_token"].as_text(), turn->login);
        return std::nullopt;
      },
      [&auth, call, turn] {
        auth.revoke(turn->login.ended);
        if (turn->outcome == Logins::Refreshed::Yes) {
          call->reply(auth.login_answer(turn->login));
        } else if (turn->outcome == Logins::Refreshed::Reused) {
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
