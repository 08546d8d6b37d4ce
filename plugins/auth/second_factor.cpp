// Requests about the second factor of one's own account.
#include <array>
#include <memory>

#include "plugins/auth/crypto.hpp"
#include "plugins/auth/prove.hpp"
#include "plugins/auth/requests.hpp"
#include "plugins/auth/totp.hpp"
#include "plugins/auth/views.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;

sdk::RestProblem wrong_code() {
  return {400, "invalid_code", "The code is wrong or has been used", {}, {}};
}

// Ten letters and digits, in two groups: 50 bits.
std::string new_backup_code() {
  std::string code = folded(totp::base32(random_bytes(7))).substr(0, 10);
  return code.insert(5, 1, '-');
}

void set_up(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const std::string secret = totp::new_secret();
  auth.transact(
      call,
      [call, secret](sdk::Transaction& transaction) -> Auth::Problem {
        const auto factor = totp::find(transaction, call->principal().id);
        if (factor && factor->enabled) {
          return sdk::RestProblem{409, "totp_enabled", "The second factor is on already", {}, {}};
        }
        totp::set_pending(transaction, call->principal().id, secret);
        return std::nullopt;
      },
      [&auth, call, secret] {
        call->reply(
            Json::object({{"secret", secret},
                          {"otpauth_uri", totp::otpauth_uri(auth.settings().issuer,
                                                            call->principal().name, secret)}}));
      });
}

void confirm(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto codes = std::make_shared<std::vector<std::string>>();
  for (int i = 0; i < totp::kBackupCodes; ++i) {
    codes->push_back(new_backup_code());
  }
  auth.transact(
      call,
      [call, codes](sdk::Transaction& transaction) -> Auth::Problem {
        const std::string& user = call->principal().id;
        const auto factor = totp::find(transaction, user);
        if (!factor || factor->enabled) {
          return sdk::RestProblem{409, "no_totp_setup", "No second factor is being set up", {}, {}};
        }
        if (!totp::use_code(transaction, user, *factor, (*call)["code"].as_text(), wall_clock())) {
          return wrong_code();
        }
        totp::enable(transaction, user);
        for (const std::string& code : *codes) {
          totp::add_backup_code(transaction, user, code);
        }
        return std::nullopt;
      },
      [call, codes] {
        Json list = Json::array();
        for (const std::string& code : *codes) {
          list.push(code);
        }
        call->reply(Json::object({{"enabled", true}, {"backup_codes", list}}));
      });
}

void show(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto answer = std::make_shared<Json>();
  auth.transact(
      call,
      [call, answer](sdk::Transaction& transaction) -> Auth::Problem {
        const auto factor = totp::find(transaction, call->principal().id);
        *answer = Json::object(
            {{"enabled", factor && factor->enabled},
             {"backup_codes_left", totp::backup_codes_left(transaction, call->principal().id)}});
        return std::nullopt;
      },
      [call, answer] { call->reply(*answer); });
}

void remove_by_code(Auth& auth, const Call& call) {
  auth.transact(
      call,
      [call](sdk::Transaction& transaction) -> Auth::Problem {
        const std::string& user = call->principal().id;
        const auto factor = totp::find(transaction, user);
        if (factor &&
            !totp::use_code(transaction, user, *factor, (*call)["code"].as_text(), wall_clock())) {
          return wrong_code();
        }
        totp::remove(transaction, user);
        return std::nullopt;
      },
      [call] { call->reply(); });
}

void remove(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  if ((*call)["code"]) {
    remove_by_code(auth, call);
    return;
  }
  if (!(*call)["password"]) {
    call->fail(400, "missing_parameter", "One of password, code is needed");
    return;
  }
  prove_own_password(auth, call, "password", [&auth, call](const Proof& proof) {
    auth.delay().passed(proof.who);
    auth.transact(
        call,
        [proof](sdk::Transaction& transaction) -> Auth::Problem {
          totp::remove(transaction, proof.user.id);
          return std::nullopt;
        },
        [call] { call->reply(); });
  });
}

constexpr std::array kCode{param::required(param::text("code", 64))};
constexpr std::array kRemove{param::text("password", 1024), param::text("code", 64)};
constexpr std::array kSetUp{
    param::required(param::text("secret", 64, "for an authenticator, in base 32")),
    param::required(param::text("otpauth_uri", 1024, "the same as a QR code shows it")),
};
constexpr cardea_param_t kBackupCode = param::text("", 32);
constexpr std::array kConfirmed{
    param::required(param::boolean("enabled")),
    param::required(param::array("backup_codes", 12, {&kBackupCode, 1}, "told only now")),
};
constexpr std::array kState{param::required(param::boolean("enabled")),
                            param::required(param::integer("backup_codes_left", 0, 12))};
constexpr cardea_param_t kSetUpResult = param::object("setup", kSetUp);
constexpr cardea_param_t kConfirmedResult = param::object("confirmed", kConfirmed);
constexpr cardea_param_t kStateResult = param::object("state", kState);

constexpr std::array kOperations{
    Operation{.id = "auth.totp.show",
              .method = "GET",
              .path = "/auth/totp",
              .handle = &show,
              .result = &kStateResult,
              .help = "Whether the second factor is on"},
    Operation{.id = "auth.totp.setup",
              .method = "POST",
              .path = "/auth/totp/setup",
              .handle = &set_up,
              .result = &kSetUpResult,
              .help = "Makes a secret for a second factor, which counts once it is confirmed",
              .limit = "code"},
    Operation{.id = "auth.totp.verify",
              .method = "POST",
              .path = "/auth/totp/verify",
              .handle = &confirm,
              .params = kCode,
              .result = &kConfirmedResult,
              .help = "Turns the second factor on",
              .limit = "code"},
    Operation{.id = "auth.totp.remove",
              .method = "DELETE",
              .path = "/auth/totp",
              .handle = &remove,
              .params = kRemove,
              .status = 204,
              .help = "Turns the second factor off",
              .limit = "code"},
};

}  // namespace

std::span<const Operation> second_factor_requests() { return kOperations; }

}  // namespace cardea::auth
