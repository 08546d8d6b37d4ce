// Requests about one's own logins, password and the end of the account.
#include <array>
#include <memory>
#include <utility>

#include "plugins/auth/account_end.hpp"
#include "plugins/auth/prove.hpp"
#include "plugins/auth/requests.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;

using Ended = std::shared_ptr<std::vector<Revocation>>;

void list_logins(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto sessions = std::make_shared<std::vector<LoginSession>>();
  auth.transact(
      call,
      [call, sessions](sdk::Transaction& transaction) -> Auth::Problem {
        *sessions = login_sessions::of_user(transaction, call->principal().id, wall_clock());
        return std::nullopt;
      },
      [call, sessions] {
        Json list = Json::array();
        for (const LoginSession& session : *sessions) {
          list.push(Json::object({{"id", session.id},
                                  {"device_name", session.device_name},
                                  {"ip_masked", session.ip_masked},
                                  {"created_at", session.created_at},
                                  {"last_activity", session.last_activity},
                                  {"is_current", session.id == call->principal().session}}));
        }
        call->reply(list);
      });
}

void end_login(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const Ended ended = std::make_shared<std::vector<Revocation>>();
  auth.transact(
      call,
      [&auth, call, ended](sdk::Transaction& transaction) -> Auth::Problem {
        ended->clear();
        const std::string wanted = (*call)["id"].text_or();
        for (const auto& session : login_sessions::of_user(transaction, call->principal().id, 0)) {
          if (session.id == wanted) {
            auth.logins().end(transaction, wanted, *ended);
            return std::nullopt;
          }
        }
        return sdk::RestProblem{404, "not_found", "There is no such login", {}, {}};
      },
      [&auth, call, ended] {
        auth.revoke(*ended);
        call->reply();
      });
}

void store_password(Auth& auth, const Call& call, const Proof& proof, const std::string& record) {
  const Ended ended = std::make_shared<std::vector<Revocation>>();
  auth.transact(
      call,
      [&auth, call, proof, record, ended](sdk::Transaction& transaction) -> Auth::Problem {
        ended->clear();
        User user;
        if (auto changed = still_good(transaction, proof, user)) {
          return changed;
        }
        users::set_password(transaction, user.id, record);
        auth.logins().end_all(transaction, user.id, call->principal().session, *ended);
        return std::nullopt;
      },
      [&auth, call, ended] {
        auth.revoke(*ended);
        call->reply();
      });
}

void change_password(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const std::string wanted = (*call)["new_password"].text_or();
  if (const auto bad = check_password(wanted, auth.settings().passwords)) {
    call->fail(*bad);
    return;
  }
  prove_own_password(auth, call, "current_password", [&auth, call, wanted](const Proof& proof) {
    auth.delay().passed(proof.who);
    const bool taken = auth.hasher().hash(wanted, [&auth, call, proof](const auto& outcome) {
      if (outcome.record.empty()) {
        call->fail(too_busy());
      } else {
        store_password(auth, call, proof, outcome.record);
      }
    });
    if (!taken) {
      call->fail(too_busy());
    }
  });
}

void end_account_now(Auth& auth, const Call& call) {
  const Ended ended = std::make_shared<std::vector<Revocation>>();
  auth.transact(
      call,
      [&auth, call, ended](sdk::Transaction& transaction) -> Auth::Problem {
        ended->clear();
        return end_account(auth, transaction, call->principal().id, *ended);
      },
      [&auth, call, ended] {
        auth.revoke(*ended);
        call->reply();
      });
}

void delete_account(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  prove_own_password(auth, call, "password", [&auth, call](const Proof& proof) {
    auth.delay().passed(proof.who);
    end_account_now(auth, call);
  });
}

void delete_profile(Auth& auth, sdk::RestCall request) {
  end_account_now(auth, std::make_shared<sdk::RestCall>(std::move(request)));
}

constexpr std::array kId{param::required(param::text("id", 64))};
constexpr std::array kChange{
    param::text("current_password", 1024, "not for accounts without one"),
    param::required(param::text("new_password", 1024)),
};
constexpr std::array kPassword{param::text("password", 1024, "not for accounts without one")};
constexpr std::array kSession{
    param::required(param::text("id", 64)),
    param::required(param::text("device_name", 256)),
    param::required(param::text("ip_masked", 64)),
    param::required(param::integer("created_at", 0, param::kLargestId, "seconds since 1970")),
    param::required(param::integer("last_activity", 0, param::kLargestId, "seconds since 1970")),
    param::required(param::boolean("is_current")),
};
constexpr cardea_param_t kSessions = param::array("sessions", 10'000, kSession);

constexpr std::array kOperations{
    Operation{.id = "auth.sessions.list",
              .method = "GET",
              .path = "/auth/sessions",
              .handle = &list_logins,
              .result = &kSessions,
              .help = "Where one has logged in, the latest first"},
    Operation{.id = "auth.sessions.end",
              .method = "DELETE",
              .path = "/auth/sessions/{id}",
              .handle = &end_login,
              .params = kId,
              .status = 204,
              .help = "Ends a login: its tokens count no more"},
    Operation{.id = "auth.password.change",
              .method = "PUT",
              .path = "/auth/password",
              .handle = &change_password,
              .params = kChange,
              .status = 204,
              .help = "Another password; ends all other logins",
              .limit = "login"},
    Operation{.id = "auth.delete",
              .method = "POST",
              .path = "/auth/delete-account",
              .handle = &delete_account,
              .params = kPassword,
              .status = 204,
              .help = "Ends the account with all that belongs to it",
              .limit = "logout"},
    Operation{.id = "profile.delete",
              .method = "DELETE",
              .path = "/profile",
              .handle = &delete_profile,
              .status = 204,
              .help = "Ends the account with all that belongs to it",
              .limit = "logout"},
};

}  // namespace

std::span<const Operation> own_account_requests() { return kOperations; }

}  // namespace cardea::auth
