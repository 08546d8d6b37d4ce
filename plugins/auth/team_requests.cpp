// Requests about one's own team.
#include <algorithm>
#include <array>
#include <memory>
#include <utility>

#include "plugins/auth/codes.hpp"
#include "plugins/auth/crypto.hpp"
#include "plugins/auth/requests.hpp"
#include "plugins/auth/teams.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kInvitesPerDay = 50;
constexpr std::int64_t kSameAddress = 1800;  // seconds
constexpr std::int64_t kInviteLife = 7 * kDay;

sdk::RestProblem problem(int status, const char* code, const char* detail) {
  return {status, code, detail, {}, {}};
}

using Handler = std::function<Auth::Problem(sdk::Transaction&, const teams::Membership&)>;

// In the team of who asks.
void in_team(Auth& auth, const Call& call, Handler work, std::function<void()> done) {
  if (!auth.settings().teams) {
    call->fail(404, "teams_off", "There are no teams here");
    return;
  }
  auth.transact(
      call,
      [call, work = std::move(work)](sdk::Transaction& transaction) -> Auth::Problem {
        auto membership = teams::of_user(transaction, call->principal().id);
        const auto user =
            membership ? std::nullopt : users::by_id(transaction, call->principal().id);
        if (user) {
          // Older than the teams here, or made by a login elsewhere.
          teams::make_own(transaction, *user);
          membership = teams::of_user(transaction, user->id);
        }
        if (!membership) {
          return problem(404, "not_found", "There is no such account");
        }
        return work(transaction, *membership);
      },
      std::move(done));
}

void list(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto answer = std::make_shared<Json>();
  const std::int64_t since = wall_clock() - auth.settings().access_ttl;
  in_team(
      auth, call,
      [answer, since](sdk::Transaction& transaction,
                      const teams::Membership& own) -> Auth::Problem {
        *answer = Json::array();
        for (const auto& mate : teams::mates(transaction, own.team, since)) {
          answer->push(Json::object({{"id", mate.id},
                                     {"username", mate.username},
                                     {"display_name", mate.display_name},
                                     {"is_team_admin", mate.is_admin},
                                     {"is_active", mate.is_active}}));
        }
        return std::nullopt;
      },
      [call, answer] { call->reply(*answer); });
}

void show(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto answer = std::make_shared<Json>();
  in_team(
      auth, call,
      [answer](sdk::Transaction& /*transaction*/, const teams::Membership& own) -> Auth::Problem {
        *answer = Json::object(
            {{"id", own.team}, {"name", own.team_name}, {"is_team_admin", own.is_admin}});
        return std::nullopt;
      },
      [call, answer] { call->reply(*answer); });
}

void rename(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const std::string name = trimmed((*call)["name"].as_text());
  if (check_display_name(name)) {
    call->fail(400, "invalid_name", "A team's name has 1 to 64 visible characters");
    return;
  }
  in_team(
      auth, call,
      [name](sdk::Transaction& transaction, const teams::Membership& own) -> Auth::Problem {
        if (!own.is_admin) {
          return problem(403, "forbidden", "Only the team's admin may do this");
        }
        teams::rename(transaction, own.team, name);
        return std::nullopt;
      },
      [call, name] {
        call->reply(Json::object({{"name", name}}));
      });
}

void remove(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  in_team(
      auth, call,
      [call](sdk::Transaction& transaction, const teams::Membership& own) -> Auth::Problem {
        const std::string id = (*call)["id"].text_or();
        const auto user = users::by_id(transaction, id);
        const auto theirs = teams::of_user(transaction, id);
        if (!own.is_admin) {
          return problem(403, "forbidden", "Only the team's admin may do this");
        }
        if (id == call->principal().id) {
          return problem(400, "own_account", "Not oneself");
        }
        if (!user || !theirs || theirs->team != own.team) {
          return problem(404, "not_found", "There is no such teammate");
        }
        teams::make_own(transaction, *user);
        return std::nullopt;
      },
      [call] { call->reply(); });
}

struct Invitation {
  std::string email;
  std::string code;
};

void send(Auth& auth, const sdk::RestCall& call, const Invitation& invitation) {
  const std::string link = link_to(auth.settings(), "register", invitation.code);
  const std::string text = call.principal().name + " invites you to a team.\n\n" +
                           (link.empty() ? "The code: " + invitation.code : link) + "\n";
  const auto* mail = auth.mail();
  if (mail->send(mail->instance, sdk::to_str(invitation.email), sdk::to_str("An invitation"),
                 sdk::to_str(text)) != 0) {
    auth.host().warn("a mail could not be sent");
  }
}

void invite(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto made = std::make_shared<std::vector<Invitation>>();
  const Json emails = (*call)["emails"];
  for (std::size_t i = 0; i < emails.size(); ++i) {
    if (const auto bad = check_email(trimmed(emails.at(i).as_text()))) {
      call->fail(*bad);
      return;
    }
  }
  in_team(
      auth, call,
      [call, made, emails](sdk::Transaction& transaction,
                           const teams::Membership& own) -> Auth::Problem {
        made->clear();
        const std::string& user = call->principal().id;
        const std::int64_t now = wall_clock();
        const std::int64_t before = teams::invites_since(transaction, user, now - kDay);
        for (std::size_t i = 0; i < emails.size(); ++i) {
          Invitation one{trimmed(emails.at(i).as_text()), random_token(24)};
          if (teams::invited_since(transaction, one.email, now - kSameAddress)) {
            continue;
          }
          if (before + static_cast<std::int64_t>(made->size()) >= kInvitesPerDay) {
            return sdk::RestProblem{429,
                                    "too_many_invites",
                                    "50 invitations a day, no more",
                                    {},
                                    {{"Retry-After", "3600"}}};
          }
          teams::add_invite(transaction, sha256_hex(one.code), own.team, one.email, user,
                            now + kInviteLife);
          made->push_back(std::move(one));
        }
        return std::nullopt;
      },
      [&auth, call, made] {
        // Without mail whoever invites hands the codes over.
        const bool mails = mail_is_on(auth);
        Json codes = Json::array();
        for (const Invitation& one : *made) {
          if (mails) {
            send(auth, *call, one);
          } else {
            codes.push(Json::object({{"email", one.email}, {"code", one.code}}));
          }
        }
        call->reply(Json::object({{"invited", made->size()}, {"codes", codes}}));
      });
}

void join(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  in_team(
      auth, call,
      [call](sdk::Transaction& transaction, const teams::Membership& own) -> Auth::Problem {
        if (teams::size(transaction, own.team) > 1) {
          return problem(409, "not_alone", "One changes the team only while alone in the old one");
        }
        const auto team = teams::use_invite(transaction, (*call)["code"].as_text());
        if (!team) {
          return problem(400, "invalid_code", "This invitation is unknown, used or expired");
        }
        teams::join(transaction, call->principal().id, *team);
        return std::nullopt;
      },
      [call] { call->reply(); });
}

constexpr std::array kMate{
    param::required(param::text("id", 64)),
    param::required(param::text("username", 64)),
    param::required(param::text("display_name", 256)),
    param::required(param::boolean("is_team_admin")),
    param::required(param::boolean("is_active", "was there lately")),
};
constexpr std::array kTeam{
    param::required(param::text("id", 64)),
    param::required(param::text("name", 256)),
    param::required(param::boolean("is_team_admin")),
};
constexpr std::array kName{param::required(param::text("name", 256))};
constexpr std::array kId{param::required(param::text("id", 64))};
constexpr std::array kCode{param::required(param::text("code", 128))};
constexpr cardea_param_t kEmail = param::text("", 320);
constexpr std::array kEmails{param::required(param::array("emails", 50, {&kEmail, 1}))};
constexpr std::array kInvitation{param::required(param::text("email", 320)),
                                 param::required(param::text("code", 128))};
constexpr std::array kInvited{
    param::required(param::integer("invited", 0, 50)),
    param::required(param::array("codes", 50, kInvitation, "where no mails are sent")),
};
constexpr cardea_param_t kMatesResult = param::array("teammates", 1000, kMate);
constexpr cardea_param_t kTeamResult = param::object("team", kTeam);
constexpr cardea_param_t kNameResult = param::object("named", kName);
constexpr cardea_param_t kInvitedResult = param::object("invited", kInvited);

constexpr std::array kOperations{
    Operation{.id = "teammates.list",
              .method = "GET",
              .path = "/teammates",
              .handle = &list,
              .result = &kMatesResult,
              .help = "Who is in one's team"},
    Operation{.id = "teammates.remove",
              .method = "DELETE",
              .path = "/teammates/{id}",
              .handle = &remove,
              .params = kId,
              .status = 204,
              .help = "Puts somebody out of the team, into a new one of his own"},
    Operation{.id = "team.show",
              .method = "GET",
              .path = "/team",
              .handle = &show,
              .result = &kTeamResult,
              .help = "One's team"},
    Operation{.id = "team.rename",
              .method = "PATCH",
              .path = "/team",
              .handle = &rename,
              .params = kName,
              .result = &kNameResult,
              .help = "Another name for the team"},
    Operation{.id = "team.invite",
              .method = "POST",
              .path = "/team/invites",
              .handle = &invite,
              .params = kEmails,
              .result = &kInvitedResult,
              .help = "Invites people into the team by mail"},
    Operation{.id = "team.join",
              .method = "POST",
              .path = "/team/join",
              .handle = &join,
              .params = kCode,
              .status = 204,
              .help = "Changes the team by an invitation",
              .limit = "code"},
};

}  // namespace

std::span<const Operation> team_requests() { return kOperations; }

}  // namespace cardea::auth
