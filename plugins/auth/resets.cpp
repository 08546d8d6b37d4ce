// Requests about forgotten passwords and about addresses that are to be proved.
#include <array>
#include <memory>
#include <utility>

#include "plugins/auth/codes.hpp"
#include "plugins/auth/requests.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;

sdk::RestProblem bad_code() {
  return {400, "invalid_token", "This link is unknown, used or expired", {}, {}};
}

// The answer goes out before anybody is looked for, so that neither it nor its time tells whether
// there is an account.
void forgot(Auth& auth, sdk::RestCall call) {
  const std::string name = trimmed(call["login"].as_text());
  call.reply(Json::object({{"status", "ok"}}));
  if (!mail_is_on(auth)) {
    return;
  }
  struct Found {
    std::optional<User> user;
    std::string code;
  };
  const auto found = std::make_shared<Found>();
  const bool taken = auth.database().run(
      [&auth, name, found](sdk::Transaction& transaction) {
        *found = {users::by_login(transaction, name), {}};
        const auto& user = found->user;
        if (user && user->email_verified && !user->disabled) {
          found->code = codes::make(transaction, codes::kReset, user->id, user->email,
                                    auth.settings().reset_ttl);
        }
        return sdk::Database::End::Commit;
      },
      [&auth, found](cardea_sql_status_t status) {
        if (status == CARDEA_SQL_OK && !found->code.empty()) {
          mail_reset(auth, *found->user, found->code);
        }
      });
  if (!taken) {
    auth.host().warn("a forgotten password: the database is too busy");
  }
}

void store(Auth& auth, const Call& call, const std::string& record) {
  const auto ended = std::make_shared<std::vector<Revocation>>();
  auth.transact(
      call,
      [&auth, call, record, ended](sdk::Transaction& transaction) -> Auth::Problem {
        ended->clear();
        const auto meant = codes::use(transaction, codes::kReset, (*call)["token"].as_text());
        if (!meant) {
          return bad_code();
        }
        users::set_password(transaction, meant->user, record);
        auth.logins().end_all(transaction, meant->user, {}, *ended);
        return std::nullopt;
      },
      [&auth, call, ended] {
        auth.revoke(*ended);
        call->reply(Json::object({{"status", "ok"}}));
      });
}

void reset(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const std::string wanted = (*call)["password"].text_or();
  if (const auto bad = check_password(wanted, auth.settings().passwords)) {
    call->fail(*bad);
    return;
  }
  auth.transact(
      call,
      [call](sdk::Transaction& transaction) -> Auth::Problem {
        // A look before the hash, which costs far more.
        const auto meant = codes::find(transaction, codes::kReset, (*call)["token"].as_text());
        return meant ? Auth::Problem() : bad_code();
      },
      [&auth, call, wanted] {
        const bool taken = auth.hasher().hash(wanted, [&auth, call](const auto& outcome) {
          if (outcome.record.empty()) {
            call->fail(too_busy());
          } else {
            store(auth, call, outcome.record);
          }
        });
        if (!taken) {
          call->fail(too_busy());
        }
      });
}

void verify(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  auth.transact(
      call,
      [call](sdk::Transaction& transaction) -> Auth::Problem {
        const auto meant = codes::use(transaction, codes::kVerify, (*call)["token"].as_text());
        // The address may have changed since.
        return meant && users::verify_email(transaction, meant->user, meant->about)
                   ? Auth::Problem()
                   : bad_code();
      },
      [call] {
        call->reply(Json::object({{"status", "ok"}}));
      });
}

void send_verification(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  if (!mail_is_on(auth)) {
    call->fail(503, "mail_off", "This server sends no mails");
    return;
  }
  struct Found {
    std::optional<User> user;
    std::string code;
  };
  const auto found = std::make_shared<Found>();
  auth.transact(
      call,
      [&auth, call, found](sdk::Transaction& transaction) -> Auth::Problem {
        found->user = users::by_id(transaction, call->principal().id);
        if (!found->user || found->user->email.empty() || found->user->email_verified) {
          return sdk::RestProblem{409, "nothing_to_verify", "There is no address to prove", {}, {}};
        }
        found->code = codes::make(transaction, codes::kVerify, found->user->id, found->user->email,
                                  auth.settings().verify_ttl);
        return std::nullopt;
      },
      [&auth, call, found] {
        mail_verification(auth, *found->user, found->code);
        call->reply(Json::object({{"status", "ok"}}));
      });
}

constexpr std::array kLogin{
    param::required(param::text("login", 320, "user name or e-mail address"))};
constexpr std::array kReset{param::required(param::text("token", 128)),
                            param::required(param::text("password", 1024))};
constexpr std::array kToken{param::required(param::text("token", 128))};
constexpr std::array kStatus{param::required(param::text("status", 16))};
constexpr cardea_param_t kDone = param::object("done", kStatus);

constexpr std::array kOperations{
    Operation{.id = "auth.password.forgot",
              .method = "POST",
              .path = "/auth/password/forgot",
              .handle = &forgot,
              .access = CARDEA_RANK_NOBODY,
              .params = kLogin,
              .result = &kDone,
              .help = "Mails a link for a new password, if there is such an account with a proved "
                      "address",
              .limit = "forgot"},
    Operation{.id = "auth.password.reset",
              .method = "POST",
              .path = "/auth/password/reset",
              .handle = &reset,
              .access = CARDEA_RANK_NOBODY,
              .params = kReset,
              .result = &kDone,
              .help = "A new password by such a link; ends all logins",
              .limit = "code"},
    Operation{.id = "auth.email.verify",
              .method = "POST",
              .path = "/auth/email/verify",
              .handle = &verify,
              .access = CARDEA_RANK_NOBODY,
              .params = kToken,
              .result = &kDone,
              .help = "Proves an e-mail address by the link in a mail",
              .limit = "code"},
    Operation{.id = "auth.email.send",
              .method = "POST",
              .path = "/auth/email/send",
              .handle = &send_verification,
              .result = &kDone,
              .help = "Mails the link that proves one's address again",
              .limit = "forgot"},
};

}  // namespace

std::span<const Operation> code_requests() { return kOperations; }

}  // namespace cardea::auth
