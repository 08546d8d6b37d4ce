#include "plugins/auth/auth.hpp"

#include <utility>

#include <cardea/database.h>
#include <cardea/executor.h>
#include <cardea/feature.h>
#include <cardea/sdk/rest_database.hpp>

#include "plugins/auth/codes.hpp"
#include "plugins/auth/commands.hpp"
#include "plugins/auth/requests.hpp"
#include "plugins/auth/schema.hpp"

namespace cardea::auth {

namespace {

// What another process changed without the bus (`cardea admin`) counts after this at the latest.
constexpr std::uint32_t kLookEvery = 10'000;  // ms
constexpr std::uint32_t kLookSoon = 500;      // ms, while the tables have not been read yet
constexpr std::int64_t kPurgeEvery = 600;     // s
constexpr std::int64_t kForgetKey = 600;      // s

AccessTokens::Settings token_settings(const Settings& settings, const sdk::Server& server) {
  AccessTokens::Settings out{settings.issuer, settings.audience, {}};
  out.secrets.push_back(signing_secret(settings.jwt_secret, server.data_folder()));
  if (!settings.jwt_previous_secret.empty()) {
    out.secrets.push_back(signing_secret(settings.jwt_previous_secret, {}));
  }
  return out;
}

Hasher::Post poster(const sdk::Host& host) {
  const auto* executor = host.get_interface<cardea_executor_t>(CARDEA_EXECUTOR);
  return [executor, context = host.context()](void (*call)(void*), void* argument) {
    return executor->post(context, call, argument) == 0;
  };
}

Json or_null(const std::string& text) {
  return text.empty() ? Json::adopt(json_null()) : Json(text);
}

}  // namespace

sdk::RestProblem too_busy() {
  return {503, "busy", "Too many are signing in at this moment", {}, {{"Retry-After", "2"}}};
}

Json own_view(const User& user) {
  return Json::object({{"id", user.id},
                       {"username", user.username},
                       {"display_name", user.display_name},
                       {"email", or_null(user.email)},
                       {"email_verified", user.email_verified},
                       {"provider", user.provider},
                       {"node_id", or_null(user.node_id)},
                       {"node_id_verified", user.node_verified},
                       {"is_admin", user.is_admin},
                       {"is_moderator", user.is_moderator},
                       {"last_room_id", or_null(user.last_room_id)},
                       {"created_at", user.created_at}});
}

Auth::Auth(const cardea_host_t& table, const Json& config)
    : host_(table),
      server_(host_),
      settings_(read_settings(config)),
      tokens_(token_settings(settings_, server_)),
      database_(host_),
      bus_(host_),
      oauth_(host_, bus_, oauth::read_settings(config)),
      hasher_(settings_.hashing, poster(host_)),
      logins_(settings_),
      delay_(bus_, settings_.failures_per_hour, server_.limits_enabled()),
      invites_(host_.get_interface<cardea_invites_t>(CARDEA_INVITES)),
      mail_(host_.get_interface<cardea_mail_t>(CARDEA_MAIL)),
      identity_{sizeof identity_, this, &resolve},
      rest_(host_, all_requests(), settings_.limits) {
  bus_.subscribe(CARDEA_IDENTITY_REVOKED, [this](std::string_view message) {
    const auto json = Json::parse(message);
    Revocation revocation;
    if (json && Revocation::from_json(*json, revocation)) {
      revocations_.add(revocation);
    }
  });
}

Auth::~Auth() {
  if (timer_ != 0) {
    host_.get_interface<cardea_feature_host_t>(CARDEA_FEATURE_HOST)
        ->timer_cancel(host_.context(), timer_);
  }
}

const void* Auth::get_interface(std::string_view id) noexcept {
  static constexpr cardea_start_t kStart{sizeof kStart, &started};
  if (id == CARDEA_REST) {
    return rest_.table();
  }
  if (id == CARDEA_IDENTITY) {
    return &identity_;
  }
  if (id == CARDEA_START) {
    return &kStart;
  }
  if (id == CARDEA_COMMANDS) {
    return commands();
  }
  return id == CARDEA_SCHEMA ? &kSchema : nullptr;
}

void Auth::transact(const Call& call, Work work, std::function<void()> done,
                    std::function<void(const sdk::RestProblem&)> refused) {
  const auto problem = std::make_shared<Problem>();
  const bool taken = database_.run(
      [problem, work = std::move(work)](sdk::Transaction& transaction) {
        *problem = work(transaction);
        return *problem ? sdk::Database::End::RollBack : sdk::Database::End::Commit;
      },
      [problem, call, done = std::move(done),
       refused = std::move(refused)](cardea_sql_status_t status) {
        if (status != CARDEA_SQL_OK) {
          call->fail(sdk::database_problem(status));
        } else if (*problem && refused) {
          refused(**problem);
        } else if (*problem) {
          call->fail(**problem);
        } else {
          done();
        }
      });
  if (!taken) {
    call->fail(sdk::database_problem(CARDEA_SQL_UNAVAILABLE));
  }
}

void Auth::revoke(const std::vector<Revocation>& ended) {
  for (const Revocation& revocation : ended) {
    revocations_.add(revocation);
    bus_.publish(CARDEA_IDENTITY_REVOKED, revocation.to_json().dump());
  }
}

void Auth::forget_key(const std::string& key) {
  room_keys_.erase(key);
  // Long enough for every node to have read the table.
  revoke({{Revocation::Kind::Session, key, 0, wall_clock() + kForgetKey}});
}

Json Auth::login_answer(const Login& login) const {
  const Access access{login.user.id,
                      login.user.username,
                      login.user.rank(),
                      login.session,
                      login.user.generation,
                      {},
                      0};
  return Json::object({{"access_token", tokens_.issue(access, wall_clock(), settings_.access_ttl)},
                       {"refresh_token", login.refresh_token},
                       {"token_type", "bearer"},
                       {"expires_in", settings_.access_ttl},
                       {"user", own_view(login.user)}});
}

std::string Auth::guest_token(const std::string& id, const std::string& handle) const {
  const Access access{id, handle, CARDEA_RANK_GUEST, id, 0, {}, 0};
  return tokens_.issue(access, wall_clock(), settings_.guest_ttl);
}

std::optional<sdk::Principal> Auth::bearer_of(std::string_view token) const {
  const std::int64_t now = wall_clock();
  if (auto access = tokens_.read(token, now)) {
    return revocations_.covers(*access)
               ? std::nullopt
               : std::optional(sdk::Principal{access->rank, access->user, access->name,
                                              access->session, access->token, access->expires});
  }
  auto of_room = room_tokens::bearer(room_keys_, token, now);
  return of_room && revocations_.covers_session(of_room->session) ? std::nullopt : of_room;
}

int Auth::resolve(void* instance, cardea_str_t token, cardea_principal_t* out) {
  auto& self = *static_cast<Auth*>(instance);
  return sdk::guarded(self.host_, "resolve", -1, [&] {
    auto bearer = self.loaded_ ? self.bearer_of(sdk::to_view(token)) : std::nullopt;
    if (!bearer) {
      return -1;
    }
    self.bearer_ = *std::move(bearer);
    out->rank = self.bearer_.rank;
    out->id = sdk::to_str(self.bearer_.id);
    out->name = sdk::to_str(self.bearer_.name);
    out->session = sdk::to_str(self.bearer_.session);
    out->token = sdk::to_str(self.bearer_.token);
    out->expires = self.bearer_.expires;
    out->grants = sdk::to_str(self.bearer_.grants);
    return 0;
  });
}

void Auth::started(void* instance) {
  auto& self = *static_cast<Auth*>(instance);
  sdk::guarded(self.host_, "start", [&] { self.look_at_tables(); });
}

void Auth::look(void* instance) {
  auto& self = *static_cast<Auth*>(instance);
  self.timer_ = 0;
  self.look_at_tables();
}

// What the tables say.
struct Auth::Found {
  std::vector<Revocation> revoked;
  std::vector<room_tokens::ApiKey> keys;
};

void Auth::learn(const Found& found, std::int64_t now) {
  for (const Revocation& revocation : found.revoked) {
    const bool news = revocations_.add(revocation);
    // Another process has changed the table without a word, so modules here have not heard of it.
    if (news && loaded_) {
      bus_.publish(CARDEA_IDENTITY_REVOKED, revocation.to_json().dump());
    }
  }
  revocations_.purge(now);
  room_keys_.clear();
  for (const room_tokens::ApiKey& key : found.keys) {
    know(key);
  }
  loaded_ = true;
}

void Auth::look_at_tables() {
  const std::int64_t now = wall_clock();
  const bool purging = now - purged_ > kPurgeEvery;
  const auto found = std::make_shared<Found>();
  const auto again = [this](std::uint32_t ms) {
    const auto* timers = host_.get_interface<cardea_feature_host_t>(CARDEA_FEATURE_HOST);
    timer_ = timers->timer_start(host_.context(), ms, &look, this);
  };
  const bool taken = database_.run(
      [found, now, purging](sdk::Transaction& transaction) {
        if (purging) {
          login_sessions::purge(transaction, now);
          codes::purge(transaction, now);
        }
        found->revoked = login_sessions::revocations(transaction, now);
        found->keys = room_tokens::keys(transaction);
        return sdk::Database::End::Commit;
      },
      [this, found, now, purging, again](cardea_sql_status_t status) {
        if (status == CARDEA_SQL_OK) {
          learn(*found, now);
          purged_ = purging ? now : purged_;
        }
        again(loaded_ ? kLookEvery : kLookSoon);
      });
  if (!taken) {
    again(kLookSoon);
  }
}

}  // namespace cardea::auth
