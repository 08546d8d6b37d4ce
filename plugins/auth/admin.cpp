// Requests of administrators about accounts.
#include <algorithm>
#include <array>
#include <functional>
#include <memory>
#include <utility>

#include "plugins/auth/account_end.hpp"
#include "plugins/auth/codes.hpp"
#include "plugins/auth/requests.hpp"
#include "plugins/auth/user_lists.hpp"

namespace cardea::auth {

namespace {

namespace param = sdk::param;

Json admin_view(const User& user) {
  Json out = own_view(user);
  out.set("disabled", user.disabled);
  out.set("last_seen", user.last_seen);
  return out;
}

void list(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto page = std::make_shared<user_lists::Page>();
  auth.transact(
      call,
      [call, page](sdk::Transaction& transaction) -> Auth::Problem {
        *page = user_lists::search(transaction, trimmed((*call)["search"].as_text()),
                                   (*call)["limit"].as_int(50), (*call)["offset"].as_int(0));
        return std::nullopt;
      },
      [call, page] {
        Json users = Json::array();
        for (const User& user : page->users) {
          users.push(admin_view(user));
        }
        call->reply(Json::object({{"users", users}, {"total", page->total}}));
      });
}

void list_moderators(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto found = std::make_shared<std::vector<User>>();
  auth.transact(
      call,
      [found](sdk::Transaction& transaction) -> Auth::Problem {
        *found = user_lists::moderators(transaction);
        return std::nullopt;
      },
      [call, found] {
        Json users = Json::array();
        for (const User& user : *found) {
          users.push(admin_view(user));
        }
        call->reply(users);
      });
}

using Change =
    std::function<Auth::Problem(sdk::Transaction&, const User&, std::vector<Revocation>&)>;

// What an administrator does to another one's account; what he may never do to his own.
void change_another(Auth& auth, const Call& call, Change change) {
  if ((*call)["id"].as_text() == call->principal().id) {
    call->fail(400, "own_account", "Not on one's own account");
    return;
  }
  const auto ended = std::make_shared<std::vector<Revocation>>();
  auth.transact(
      call,
      [call, ended, change = std::move(change)](sdk::Transaction& transaction) -> Auth::Problem {
        ended->clear();
        const auto user = users::by_id(transaction, (*call)["id"].as_text());
        if (!user) {
          return sdk::RestProblem{404, "not_found", "There is no such account", {}, {}};
        }
        return change(transaction, *user, *ended);
      },
      [&auth, call, ended] {
        auth.revoke(*ended);
        call->reply();
      });
}

void set_flag(Auth& auth, sdk::RestCall request, users::Flag flag, const char* parameter) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const bool on = (*call)[parameter].as_bool(true);
  change_another(auth, call,
                 [&auth, flag, on](sdk::Transaction& transaction, const User& user,
                                   std::vector<Revocation>& ended) -> Auth::Problem {
                   users::set_flag(transaction, user.id, flag, on);
                   // The rank stands in the tokens.
                   auth.logins().outdate(transaction, user.id, ended);
                   if (flag == users::Flag::Disabled && on) {
                     auth.logins().end_all(transaction, user.id, {}, ended);
                   }
                   return std::nullopt;
                 });
}

void set_admin(Auth& auth, sdk::RestCall call) {
  set_flag(auth, std::move(call), users::Flag::Admin, "is_admin");
}
void set_disabled(Auth& auth, sdk::RestCall call) {
  set_flag(auth, std::move(call), users::Flag::Disabled, "disabled");
}
void set_moderator(Auth& auth, sdk::RestCall call) {
  set_flag(auth, std::move(call), users::Flag::Moderator, "is_moderator");
}

void unset_moderator(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  change_another(auth, call,
                 [&auth](sdk::Transaction& transaction, const User& user,
                         std::vector<Revocation>& ended) -> Auth::Problem {
                   users::set_flag(transaction, user.id, users::Flag::Moderator, false);
                   auth.logins().outdate(transaction, user.id, ended);
                   return std::nullopt;
                 });
}

void remove(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  change_another(
      auth, call,
      [&auth](sdk::Transaction& transaction, const User& user, std::vector<Revocation>& ended) {
        return end_account(auth, transaction, user.id, ended);
      });
}

// For servers without mail: the administrator hands the link over.
void make_reset(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto code = std::make_shared<std::string>();
  auth.transact(
      call,
      [&auth, call, code](sdk::Transaction& transaction) -> Auth::Problem {
        const auto user = users::by_id(transaction, (*call)["id"].as_text());
        if (!user) {
          return sdk::RestProblem{404, "not_found", "There is no such account", {}, {}};
        }
        *code = codes::make(transaction, codes::kReset, user->id, user->email,
                            auth.settings().reset_ttl);
        return std::nullopt;
      },
      [&auth, call, code] {
        Json out = Json::object({{"token", *code}, {"expires_in", auth.settings().reset_ttl}});
        const std::string base =
            auth.settings().link_url.empty() ? call->base_url() : auth.settings().link_url;
        out.set("url", base + "/reset-password?token=" + *code);
        call->reply(201, out);
      });
}

void stats(Auth& auth, sdk::RestCall request) {
  const auto call = std::make_shared<sdk::RestCall>(std::move(request));
  const auto numbers = std::make_shared<user_lists::Numbers>();
  auth.transact(
      call,
      [numbers](sdk::Transaction& transaction) -> Auth::Problem {
        *numbers = user_lists::numbers(transaction, wall_clock());
        return std::nullopt;
      },
      [call, numbers] {
        const auto series = [](const std::vector<std::int64_t>& values) {
          Json out = Json::array();
          for (const std::int64_t value : values) {
            out.push(value);
          }
          return out;
        };
        call->reply(Json::object({{"users", numbers->users},
                                  {"admins", numbers->admins},
                                  {"disabled", numbers->disabled},
                                  {"logins", numbers->logins},
                                  {"new_users_by_day", series(numbers->by_day)},
                                  {"new_users_by_week", series(numbers->by_week)},
                                  {"new_users_by_month", series(numbers->by_month)}}));
      });
}

constexpr std::array kId{param::required(param::text("id", 64))};
constexpr std::array kSearch{
    param::text("search", 320, "part of a user name, a display name or an address"),
    param::integer("limit", 1, 100, "50 when it is left out"),
    param::integer("offset", 0, param::kLargestInt),
};
constexpr std::array kAdmin{param::required(param::text("id", 64)),
                            param::required(param::boolean("is_admin"))};
constexpr std::array kDisabled{param::required(param::text("id", 64)),
                               param::required(param::boolean("disabled"))};
constexpr std::array kUser{
    param::required(param::text("id", 64)),
    param::required(param::text("username", 64)),
    param::required(param::text("display_name", 256)),
    param::any("email", "null when there is none"),
    param::required(param::boolean("email_verified")),
    param::required(param::text("provider", 64)),
    param::any("node_id", "null when there is none"),
    param::required(param::boolean("node_id_verified")),
    param::required(param::boolean("is_admin")),
    param::required(param::boolean("is_moderator")),
    param::required(param::boolean("disabled")),
    param::any("last_room_id", "null when there is none"),
    param::required(param::integer("created_at", 0, param::kLargestId, "seconds since 1970")),
    param::required(param::integer("last_seen", 0, param::kLargestId, "seconds since 1970")),
};
constexpr std::array kPage{param::required(param::array("users", 100, kUser)),
                           param::required(param::integer("total", 0, param::kLargestId))};
constexpr std::array kReset{param::required(param::text("token", 128)),
                            param::required(param::text("url", 1024)),
                            param::required(param::integer("expires_in", 0, param::kLargestInt))};
constexpr cardea_param_t kCount = param::integer("", 0, param::kLargestId);
constexpr std::array kStats{
    param::required(param::integer("users", 0, param::kLargestId)),
    param::required(param::integer("admins", 0, param::kLargestId)),
    param::required(param::integer("disabled", 0, param::kLargestId)),
    param::required(param::integer("logins", 0, param::kLargestId, "that have not ended")),
    param::required(param::array("new_users_by_day", 30, {&kCount, 1}, "the latest first")),
    param::required(param::array("new_users_by_week", 12, {&kCount, 1}, "the latest first")),
    param::required(param::array("new_users_by_month", 12, {&kCount, 1}, "of 30 days each")),
};
constexpr cardea_param_t kPageResult = param::object("page", kPage);
constexpr cardea_param_t kModeratorsResult = param::array("moderators", 1000, kUser);
constexpr cardea_param_t kResetResult = param::object("reset", kReset);
constexpr cardea_param_t kStatsResult = param::object("stats", kStats);

constexpr Operation of_admin(const char* id, const char* method, const char* path,
                             void (*handle)(Auth&, sdk::RestCall),
                             std::span<const cardea_param_t> params, int status,
                             const cardea_param_t* result, const char* help) {
  return {.id = id,
          .method = method,
          .path = path,
          .handle = handle,
          .access = CARDEA_RANK_ADMIN,
          .params = params,
          .status = status,
          .result = result,
          .help = help};
}

constexpr std::array kOperations{
    of_admin("admin.users.list", "GET", "/admin/users", &list, kSearch, 200, &kPageResult,
             "All accounts, or those that match"),
    of_admin("admin.users.admin", "PUT", "/admin/users/{id}/admin", &set_admin, kAdmin, 204,
             nullptr, "Makes somebody an administrator, or no longer"),
    of_admin("admin.users.disable", "PUT", "/admin/users/{id}/disabled", &set_disabled, kDisabled,
             204, nullptr, "Keeps somebody out, or no longer"),
    of_admin("admin.users.remove", "DELETE", "/admin/users/{id}", &remove, kId, 204, nullptr,
             "Ends an account"),
    of_admin("admin.users.reset", "POST", "/admin/users/{id}/password-reset", &make_reset, kId, 201,
             &kResetResult, "A link for a new password, to be handed over"),
    of_admin("admin.sitemods.list", "GET", "/admin/sitemods", &list_moderators, {}, 200,
             &kModeratorsResult, "The moderators of this server"),
    of_admin("admin.sitemods.add", "PUT", "/admin/sitemods/{id}", &set_moderator, kId, 204, nullptr,
             "Makes somebody a moderator"),
    of_admin("admin.sitemods.remove", "DELETE", "/admin/sitemods/{id}", &unset_moderator, kId, 204,
             nullptr, "A moderator no longer"),
    of_admin("admin.stats", "GET", "/admin/stats", &stats, {}, 200, &kStatsResult,
             "Numbers of accounts and logins"),
};

}  // namespace

std::span<const Operation> admin_requests() { return kOperations; }

}  // namespace cardea::auth
