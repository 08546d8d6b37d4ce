#include "plugins/auth/registration.hpp"

#include <array>
#include <utility>

#include <cardea/sdk/ids.hpp>

#include "plugins/auth/codes.hpp"
#include "plugins/auth/crypto.hpp"
#include "plugins/auth/requests.hpp"
#include "plugins/auth/teams.hpp"
#include "plugins/auth/views.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;

sdk::RestProblem problem(int status, const char* code, const char* detail) {
  return {status, code, detail, {}, {}};
}

Auth::Problem redeem(const cardea_invites_t& invites, cardea_transaction_t* transaction,
                     const Applicant& applicant) {
  switch (invites.redeem(invites.instance, transaction, sdk::to_str(applicant.invite_code),
                         sdk::to_str(applicant.user.id))) {
    case CARDEA_INVITE_OK:
      return std::nullopt;
    case CARDEA_INVITE_UNKNOWN:
      return problem(400, "invite_unknown", "There is no such invitation");
    case CARDEA_INVITE_USED:
      return problem(400, "invite_used", "This invitation has been used");
    case CARDEA_INVITE_EXPIRED:
      return problem(400, "invite_expired", "This invitation has expired");
    default:
      return sdk::RestProblem{};
  }
}

Auth::Problem enter_team(sdk::Transaction& transaction, const Applicant& applicant) {
  if (!applicant.teams) {
    return std::nullopt;
  }
  if (applicant.team_invite.empty()) {
    teams::make_own(transaction, applicant.user);
    return std::nullopt;
  }
  const auto team = teams::use_invite(transaction, applicant.team_invite);
  if (!team) {
    return problem(400, "invalid_team_invite", "This invitation is unknown, used or expired");
  }
  teams::join(transaction, applicant.user.id, *team);
  return std::nullopt;
}

struct Registration {
  Call call;
  Applicant applicant;
  Device device;
  Login login;
  std::string verification;  ///< the code that is to be mailed; empty: none
};

// What can be said without the database.
Auth::Problem check(const Settings& settings, const sdk::RestCall& call,
                    const Applicant& applicant) {
  if (auto bad = check_username(applicant.user.username, settings.names)) {
    return bad;
  }
  if (auto bad = check_display_name(applicant.user.display_name)) {
    return bad;
  }
  if (auto bad = applicant.user.email.empty() ? std::nullopt : check_email(applicant.user.email)) {
    return bad;
  }
  return check_password(call["password"].as_text(), settings.passwords);
}

Applicant applicant_of(const sdk::RestCall& call) {
  Applicant out;
  out.user.username = call["username"].text_or();
  out.user.display_name = trimmed(call["display_name"].as_text());
  if (out.user.display_name.empty()) {
    // A guest who registers keeps his handle.
    out.user.display_name =
        call.principal().rank == CARDEA_RANK_GUEST ? call.principal().name : out.user.username;
  }
  out.user.email = trimmed(call["email"].as_text());
  out.invite_code = trimmed(call["invite_code"].as_text());
  out.team_invite = trimmed(call["team_invite"].as_text());
  return out;
}

void store(Auth& auth, const std::shared_ptr<Registration>& registration) {
  const bool verifies = !registration->applicant.user.email.empty() && mail_is_on(auth);
  auth.transact(
      registration->call,
      [&auth, registration, verifies](sdk::Transaction& transaction) {
        User& user = registration->applicant.user;
        auto failed = make_account(transaction, auth.invites(), registration->applicant);
        if (!failed) {
          registration->login = auth.logins().begin(transaction, user, registration->device);
        }
        if (!failed && verifies) {
          registration->verification = codes::make(transaction, codes::kVerify, user.id, user.email,
                                                   auth.settings().verify_ttl);
        }
        return failed;
      },
      [&auth, registration] {
        if (!registration->verification.empty()) {
          mail_verification(auth, registration->login.user, registration->verification);
        }
        registration->call->reply(auth.login_answer(registration->login));
      });
}

void register_account(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  auto applicant = applicant_of(*call);
  applicant.teams = auth.settings().teams;
  if (const auto bad = check(auth.settings(), *call, applicant)) {
    call->fail(*bad);
    return;
  }
  const auto registration = std::make_shared<Registration>(
      Registration{call, std::move(applicant), device_of(*call), {}, {}});
  const bool taken = auth.hasher().hash(
      (*call)["password"].text_or(), [&auth, registration](const Hasher::Outcome& outcome) {
        if (outcome.record.empty()) {
          registration->call->fail(too_busy());
          return;
        }
        registration->applicant.user.password_hash = outcome.record;
        store(auth, registration);
      });
  if (!taken) {
    auth.server().limit_hit("hash_queue");
    call->fail(too_busy());
  }
}

constexpr std::array kParams{
    param::required(param::text("username", 256)),
    param::required(param::text("password", 1024)),
    param::text("display_name", 1024, "the user name when it is left out"),
    param::text("email", 320),
    param::text("invite_code", 256),
    param::text("team_invite", 128, "with teams: the code of the one to join"),
    param::text("device_name", 256, "as the list of logins shows it"),
};

constexpr std::array kOperations{
    Operation{.id = "auth.register",
              .method = "POST",
              .path = "/auth/register",
              .handle = &register_account,
              .access = CARDEA_RANK_NOBODY,
              .params = kParams,
              .status = 201,
              .result = &views::kLoginResult,
              .help = "Makes an account and logs in",
              .limit = "register"},
};

}  // namespace

Auth::Problem make_account(sdk::Transaction& transaction, const cardea_invites_t* invites,
                           Applicant& applicant) {
  User& user = applicant.user;
  user.id = random_uuid();
  user.created_at = user.last_seen = wall_clock();
  user.is_admin = users::claim_first(transaction, user.id);
  switch (users::insert(transaction, user)) {
    case users::Inserted::NameTaken:
      return problem(409, "username_taken", "This user name is taken");
    case users::Inserted::EmailTaken:
      return problem(409, "email_taken", "There is an account with this e-mail address");
    case users::Inserted::Yes:
      break;
  }
  // Until a node's key is tied to the account.
  user.node_id = "dpc-node-temp-" + sdk::random_text(1);
  transaction.execute("UPDATE users SET node_id = $2 WHERE id = $1", user.id, user.node_id);
  if (auto refused = enter_team(transaction, applicant)) {
    return refused;
  }
  if (invites == nullptr) {
    return std::nullopt;
  }
  const bool required = invites->required(invites->instance) != 0;
  if (!user.is_admin && required && applicant.invite_code.empty()) {
    return problem(400, "invite_required", "An invitation is needed here");
  }
  if (!user.is_admin && !applicant.invite_code.empty()) {
    if (auto refused = redeem(*invites, transaction.raw(), applicant)) {
      return refused;
    }
  }
  if (invites->grant(invites->instance, transaction.raw(), sdk::to_str(user.id)) != 0) {
    return sdk::RestProblem{};
  }
  return std::nullopt;
}

std::span<const Operation> registration_requests() { return kOperations; }

}  // namespace cardea::auth
