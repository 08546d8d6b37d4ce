// Coming and going: what stands in the way of a join, the lobby, and what a join gives.
#include <ctime>
#include <utility>

#include "plugins/rooms/crypto.hpp"
#include "plugins/rooms/operations.hpp"
#include "plugins/rooms/store.hpp"

namespace cardea::rooms {

namespace {

constexpr auto kPasswordCounts = std::chrono::minutes(5);
constexpr auto kAdmissionCounts = std::chrono::minutes(5);
constexpr auto kRemembered = std::chrono::hours(12);
constexpr std::size_t kMostKnocking = 1000;
constexpr const char* kCookie = "cardea_guest";

Time now() { return std::chrono::steady_clock::now(); }

sdk::RestProblem refusal(int status, const char* code, const char* detail) {
  return {status, code, detail, {}, {}};
}

sdk::RestProblem banned(const store::Ban& ban) {
  return {403,
          "user_banned",
          "You are banned from this room",
          Json::object({{"reason", ban.reason}, {"expires_at", ban.expires_at}}),
          {}};
}

// "https://host" as a WebSocket of the Janus API.
std::string socket_url(const std::string& base) {
  return base.starts_with("http") ? "ws" + base.substr(4) + "/janus" : std::string();
}

}  // namespace

/// One join on its way.
struct Rooms::Joining {
  sdk::RestCall call;
  sdk::Principal who;
  std::string wanted = {};    ///< id or slug
  std::string password = {};  ///< as it was given
  std::string cookie = {};    ///< the id of a guest's cookie
  std::string new_cookie = {};
  bool trusted = false;  ///< a right password was shown a moment ago
  bool shown = false;    ///< and this is one, too
  Room room = {};
  Standing standing = Standing::Everybody;
  std::optional<sdk::RestProblem> problem = {};
};

void Rooms::join(sdk::RestCall call) {
  const sdk::Principal who = call.principal();
  const auto joining = std::make_shared<Joining>(Joining{.call = std::move(call), .who = who});
  joining->wanted = joining->call["id"].text_or();
  joining->password = joining->call["password"].text_or();
  joining->cookie = cookie_id(cookie_key_, joining->call.cookie(kCookie));
  if (joining->cookie.empty() && !cookie_key_.empty()) {
    joining->new_cookie = make_cookie(cookie_key_);
    joining->cookie = cookie_id(cookie_key_, joining->new_cookie);
  }
  const auto shown = passwords_.find({joining->wanted, who.id});
  joining->trusted = shown != passwords_.end() && shown->second > now();
  const bool taken = database_.run(
      [joining](sdk::Transaction& transaction) {
        joining->problem = check_entry(transaction, *joining);
        return joining->problem ? sdk::Database::End::RollBack : sdk::Database::End::Commit;
      },
      [this, joining](cardea_sql_status_t status) {
        if (status != CARDEA_SQL_OK) {
          joining->call.fail(sdk::database_problem(status));
        } else if (joining->problem) {
          joining->call.fail(*joining->problem);
        } else {
          enter(joining);
        }
      });
  if (!taken) {
    joining->call.fail(sdk::database_problem(CARDEA_SQL_UNAVAILABLE));
  }
}

// [work]
std::optional<sdk::RestProblem> Rooms::check_entry(sdk::Transaction& transaction,
                                                   Joining& joining) {
  const auto room = store::find(transaction, joining.wanted);
  if (!room) {
    return refusal(404, "no_such_room", "There is no such room");
  }
  joining.room = *room;
  const sdk::Principal& who = joining.who;
  const std::string role = store::role_of(transaction, room->id, who.id);
  joining.standing = standing_of(who, *room, role);
  const bool guest = who.rank == CARDEA_RANK_GUEST;
  const bool site = joining.standing >= Standing::SiteModerator;
  const auto ban = store::ban_of(transaction, room->id, who.id,
                                 guest ? joining.call.remote_address() : std::string(),
                                 joining.cookie, std::time(nullptr));
  if (ban && !site) {
    return banned(*ban);
  }
  if (room->locked && joining.standing == Standing::Everybody) {
    return refusal(403, "room_closed", "The room is locked");
  }
  if (guest && !room->guests) {
    return refusal(403, "account_required", "This room takes an account");
  }
  if (room->visibility == "invite" && role.empty() && joining.standing == Standing::Everybody) {
    return refusal(403, "invitation_required", "One enters this room by invitation");
  }
  const bool asks = !room->password_hash.empty() && joining.standing < Standing::Owner;
  if (asks && !joining.trusted) {
    if (joining.password.empty()) {
      return refusal(403, "password_required", "This room has a password");
    }
    if (!password_fits(room->password_hash, joining.password)) {
      return refusal(401, "password_incorrect", "This is not the room's password");
    }
    joining.shown = true;
  }
  const std::int64_t at = std::time(nullptr);
  store::touch(transaction, room->id, at);
  transaction.execute("UPDATE users SET last_room_id = $1 WHERE id = $2", room->id, who.id);
  return std::nullopt;
}

void Rooms::enter(const std::shared_ptr<Joining>& joining) {
  const Room& room = joining->room;
  const Pair pair{room.id, joining->who.id};
  const bool site = joining->standing >= Standing::SiteModerator;
  if (kicked_.erase(pair) != 0 && !site) {
    joining->call.fail(403, "kicked", "A moderator has thrown you out; ask again to come back");
    return;
  }
  if (joining->shown && has_place(passwords_.size())) {
    passwords_[{joining->wanted, joining->who.id}] = now() + kPasswordCounts;
  }
  if (is_full(room, joining->who.id) && !site) {
    joining->call.fail(403, "room_full", "The room is full");
    return;
  }
  const auto admitted = admitted_.find(pair);
  const bool let_in = admitted != admitted_.end() && admitted->second > now();
  if (room.lobby && joining->standing == Standing::Everybody && !let_in) {
    knock(joining);
    return;
  }
  media_.ensure(room, [this, joining](const std::string& problem) {
    if (!problem.empty()) {
      host_.warn("room " + joining->room.id + " has no videoroom: " + problem);
      joining->call.fail({503, "no_media", "The room cannot be opened now", {}, {}});
      return;
    }
    give_grant(joining);
  });
}

bool Rooms::is_full(const Room& room, const std::string& user) const {
  const Json inside = users_in(room.id);
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside.at(i).as_text() == user) {
      return false;
    }
  }
  return room.capacity != 0 && inside.size() >= static_cast<std::size_t>(room.capacity);
}

void Rooms::knock(const std::shared_ptr<Joining>& joining) {
  const Pair pair{joining->room.id, joining->who.id};
  if (knocking_.size() >= kMostKnocking) {
    server_.limit_hit("rooms_lobby");
    joining->call.fail({503, "lobby_full", "Too many people wait", {}, {{"Retry-After", "30"}}});
    return;
  }
  knocking_[pair] = {joining->who.name, now()};
  const Json payload = Json::object({{"room_id", joining->room.id},
                                     {"user_id", joining->who.id},
                                     {"username", joining->who.name}});
  tell_moderators(joining->room, "room:knock", payload);
  joining->call.reply(202, Json::object({{"waiting", true}}));
}

void Rooms::give_grant(const std::shared_ptr<Joining>& joining) {
  const Room& room = joining->room;
  if (!settings_.multi_join) {
    for (const std::string& token : grants_.of_user(joining->who.id)) {
      if (grants_.find(token)->room != room.id) {
        end_grant(token);
      }
    }
  }
  grants_.own(room.janus_room);
  Grant* grant = grants_.make(room, joining->who, joining->standing, now());
  if (grant == nullptr) {
    server_.limit_hit("rooms_grants");
    joining->call.fail({503, "full", "Too many people are in rooms", {}, {{"Retry-After", "30"}}});
    return;
  }
  grant->is_public = room.visibility == "public";
  if (has_place(visitors_.size())) {
    visitors_[{room.id, joining->who.id}] = {joining->who.name, joining->call.remote_address(),
                                             joining->cookie,
                                             joining->who.rank == CARDEA_RANK_GUEST, now()};
  }
  const std::string& base = joining->call.base_url();
  Json shown = show(room);
  sdk::RestHeaders headers;
  if (!joining->new_cookie.empty()) {
    headers.emplace_back("Set-Cookie", std::string(kCookie) + "=" + joining->new_cookie +
                                           "; Path=/api/v1; Max-Age=31536000; HttpOnly;"
                                           " SameSite=Lax");
  }
  joining->call.reply(Json::object({{"room", shown.set("users", users_in(room.id))},
                                    {"room_token", grant->token},
                                    {"participant", grant->participant},
                                    {"ws_url", socket_url(base)},
                                    {"http_url", base.empty() ? base : base + "/janus"},
                                    {"ice_servers", ice_servers(joining->who.id)},
                                    {"permissions", permissions_of(joining->standing)},
                                    {"standing", word_of(joining->standing)}}),
                      headers);
}

void Rooms::leave(sdk::RestCall call) {
  const std::string id = call["id"].text_or();
  for (const std::string& token : grants_.of_user(call.principal().id)) {
    if (grants_.find(token)->room == id) {
      end_grant(token);
    }
  }
  call.reply();
}

void Rooms::lobby(sdk::RestCall call) {
  in_room(
      std::move(call), Act::Admit,
      [](sdk::Transaction&, const Room& room, Standing) -> sdk::RestOutcome {
        return Json::object({{"room", room.id}});
      },
      nullptr,
      [this](Json& answer) {
        Json items = Json::array();
        for (const auto& [pair, knocker] : knocking_) {
          if (pair.first == answer["room"].as_text()) {
            items.push(Json::object({{"user_id", pair.second}, {"username", knocker.name}}));
          }
        }
        answer = Json::object({{"items", items}});
      });
}

void Rooms::admit(sdk::RestCall call) {
  const std::string user = call["user"].text_or();
  const bool admits = call["admit"].as_bool(true);
  const auto room_id = std::make_shared<std::string>();
  in_room(
      std::move(call), Act::Admit,
      [room_id](sdk::Transaction&, const Room& room, Standing) -> sdk::RestOutcome {
        *room_id = room.id;
        return {};
      },
      [this, user, admits, room_id] {
        spread(Json::object(
            {{"order", admits ? "admit" : "turn_away"}, {"room", *room_id}, {"user", user}}));
      });
}

Json Rooms::ice_servers(const std::string& user) const {
  Json out = Json::array();
  if (!settings_.stun.empty()) {
    out.push(Json::object({{"urls", settings_.stun}}));
  }
  if (!settings_.turn.empty() && !settings_.turn_secret.empty()) {
    const Json turn = turn_credentials(user);
    out.push(Json::object({{"urls", turn["uris"]},
                           {"username", turn["username"]},
                           {"credential", turn["password"]}}));
  }
  return out;
}

Json Rooms::turn_credentials(const std::string& user) const {
  const std::string name = std::to_string(std::time(nullptr) + settings_.turn_ttl) + ":" + user;
  Json uris = Json::array();
  for (const std::string& uri : settings_.turn) {
    uris.push(uri);
  }
  return Json::object({{"username", name},
                       {"password", turn_password(settings_.turn_secret, name)},
                       {"uris", uris},
                       {"ttl", settings_.turn_ttl}});
}

void Rooms::turn(sdk::RestCall call) {
  if (settings_.turn.empty() || settings_.turn_secret.empty()) {
    call.fail(404, "no_turn", "This server has no TURN server");
    return;
  }
  call.reply(turn_credentials(call["username"].text_or(call.principal().id)));
}

void Rooms::forget_old(Time at) {
  std::erase_if(passwords_, [&](const auto& each) { return each.second < at; });
  std::erase_if(admitted_, [&](const auto& each) { return each.second < at; });
  std::erase_if(kicked_, [&](const auto& each) { return each.second + kRemembered < at; });
  std::erase_if(visitors_, [&](const auto& each) { return each.second.since + kRemembered < at; });
  std::erase_if(knocking_,
                [&](const auto& each) { return each.second.since + kAdmissionCounts < at; });
}

void Rooms::let_in(const Pair& pair) {
  knocking_.erase(pair);
  if (has_place(admitted_.size())) {
    admitted_[pair] = now() + kAdmissionCounts;
  }
}

}  // namespace cardea::rooms
