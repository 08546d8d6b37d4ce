// Orders that all nodes obey, what happens in the videorooms, and what people are told of it.
#include <utility>

#include "plugins/rooms/rooms.hpp"
#include "plugins/rooms/store.hpp"

namespace cardea::rooms {

namespace {

constexpr const char* kChannel = "rooms";

}  // namespace

void Rooms::event(std::string_view json) {
  if (const auto parsed = Json::parse(json)) {
    const Json event = (*parsed)["event"];
    if (event["plugin"].as_text().ends_with(".videoroom")) {
      participant_event(event["data"]);
    }
  }
}

void Rooms::participant_event(const Json& data) {
  const std::string_view what = data["event"].as_text();
  Grant* grant = grants_.of(data["room"].as_uint(), data["id"].as_uint());
  if (grant == nullptr) {
    return;
  }
  if (what == "joined") {
    came(*grant);
  } else if (what == "leaving" || what == "kicked") {
    went(*grant);
  } else if (what == "published") {
    grant->mids.clear();
    for (std::size_t i = 0; i < data["streams"].size(); ++i) {
      const Json stream = data["streams"].at(i);
      grant->mids[stream["mid"].text_or()] = stream["type"].text_or();
    }
    apply_mute(*grant);
  }
}

bool Rooms::is_inside(const std::string& room, const std::string& user) {
  for (const std::string& token : grants_.of_user(user)) {
    const Grant& grant = *grants_.find(token);
    if (grant.room == room && grant.entered) {
      return true;
    }
  }
  return false;
}

void Rooms::came(Grant& grant) {
  const bool first = !is_inside(grant.room, grant.who.id);
  grant.entered = true;
  if (first) {
    presence_->enter(presence_->instance, sdk::to_str(grant.who.id), sdk::to_str(grant.who.name),
                     sdk::to_str(grant.room));
    tell_of(grant, "user:room_join");
  }
}

void Rooms::went(Grant& grant) {
  const bool was = std::exchange(grant.entered, false);
  grant.mids.clear();
  if (was && !is_inside(grant.room, grant.who.id)) {
    tell_of(grant, "user:room_leave");
    presence_->leave(presence_->instance, sdk::to_str(grant.who.id), sdk::to_str(grant.room));
  }
}

void Rooms::tell_of(const Grant& grant, const char* type) {
  const Json payload = Json::object(
      {{"room_id", grant.room}, {"user_id", grant.who.id}, {"username", grant.who.name}});
  if (grant.is_public) {
    live_->to_all(live_->instance, sdk::to_str(type), sdk::to_str(payload.dump()));
  } else {
    tell_members(grant.room, type, payload);
  }
}

void Rooms::tell_room(const Room& room, const char* type) {
  const std::string text = Json::object({{"room", show(room)}}).dump();
  if (room.visibility == "public") {
    live_->to_all(live_->instance, sdk::to_str(type), sdk::to_str(text));
    return;
  }
  live_->to_user(live_->instance, sdk::to_str(room.owner_id), sdk::to_str(type), sdk::to_str(text));
  tell_members(room.id, type, Json::object({{"room", show(room)}}));
}

void Rooms::tell_members(const std::string& room, const char* type, const Json& payload) {
  const std::string text = payload.dump();
  const Json inside = users_in(room);
  for (std::size_t i = 0; i < inside.size(); ++i) {
    live_->to_user(live_->instance, sdk::to_str(inside.at(i).as_text()), sdk::to_str(type),
                   sdk::to_str(text));
  }
}

// The owner, and those moderators who are in the room.
void Rooms::tell_moderators(const Room& room, const char* type, const Json& payload) {
  std::set<std::string> moderators{room.owner_id};
  for (const std::string& token : grants_.in_room(room.id)) {
    const Grant& grant = *grants_.find(token);
    if (may(grant.standing, Act::Admit)) {
      moderators.insert(grant.who.id);
    }
  }
  const std::string text = payload.dump();
  for (const std::string& user : moderators) {
    live_->to_user(live_->instance, sdk::to_str(user), sdk::to_str(type), sdk::to_str(text));
  }
}

void Rooms::spread(const Json& order) {
  obey(order);
  bus_.publish(kChannel, Json(order).set("node", node_).dump());
  const std::string_view word = order["order"].as_text();
  const Json payload = Json::object({{"room_id", order["room"]}, {"user_id", order["user"]}});
  const auto tell_user = [&](const char* type) {
    live_->to_user(live_->instance, sdk::to_str(order["user"].as_text()), sdk::to_str(type),
                   sdk::to_str(Json(payload).set("reason", order["reason"]).dump()));
  };
  if (word == "kick") {
    tell_user("room:kicked");
  } else if (word == "ban") {
    tell_user("room:banned");
  } else if (word == "admit") {
    tell_user("room:admitted");
  } else if (word == "turn_away") {
    tell_user("room:turned_away");
  } else if (word == "mute") {
    tell_members(order["room"].text_or(), "room:moderated",
                 Json(payload).set("kind", order["kind"]).set("muted", order["muted"]));
  }
}

void Rooms::heard_from_bus(std::string_view text) {
  const auto order = Json::parse(text);
  if (order && (*order)["node"].as_text() != node_) {
    obey(*order);
  }
}

void Rooms::obey(const Json& order) {
  const std::string_view word = order["order"].as_text();
  const Pair pair{order["room"].text_or(), order["user"].text_or()};
  if (word == "kick" || word == "ban" || word == "delete") {
    for (const std::string& token : grants_.in_room(pair.first)) {
      if (word == "delete" || grants_.find(token)->who.id == pair.second) {
        end_grant(token);
      }
    }
  }
  if (word == "kick" && has_place(kicked_.size())) {
    kicked_[pair] = std::chrono::steady_clock::now();
  } else if (word == "delete") {
    media_.destroy(order["janus_room"].as_uint());
    std::erase_if(muted_, [&](const auto& each) { return each.first.first == pair.first; });
    grants_.disown(order["janus_room"].as_uint());
  } else if (word == "admit") {
    let_in(pair);
  } else if (word == "turn_away") {
    knocking_.erase(pair);
  } else if (word == "mute") {
    set_muted(pair, order["kind"].text_or(), order["muted"].as_bool());
  } else if (word == "role") {
    change_role(pair, order["role"].text_or());
  } else if (word == "change") {
    follow_change(pair.first);
  }
}

bool Rooms::has_place(std::size_t count) const {
  if (count >= Grants::kMost) {
    server_.limit_hit("rooms_remembered");
  }
  return count < Grants::kMost;
}

void Rooms::set_muted(const Pair& pair, const std::string& kind, bool muted) {
  if (muted && has_place(muted_.size())) {
    muted_[pair].insert(kind);
  } else if (const auto found = muted_.find(pair); found != muted_.end()) {
    found->second.erase(kind);
    if (found->second.empty()) {
      muted_.erase(found);
    }
  }
  for (const std::string& token : grants_.of_user(pair.second)) {
    const Grant& grant = *grants_.find(token);
    for (const auto& [mid, type] : grant.mids) {
      if (grant.room == pair.first && type == kind) {
        media_.mute(grant.janus_room, grant.participant, mid, muted);
      }
    }
  }
}

// Of what is published anew: who was muted stays so.
void Rooms::apply_mute(const Grant& grant) {
  const auto found = muted_.find({grant.room, grant.who.id});
  if (found == muted_.end()) {
    return;
  }
  for (const auto& [mid, type] : grant.mids) {
    if (found->second.contains(type)) {
      media_.mute(grant.janus_room, grant.participant, mid, true);
    }
  }
}

void Rooms::change_role(const Pair& pair, const std::string& role) {
  for (const std::string& token : grants_.of_user(pair.second)) {
    Grant& grant = *grants_.find(token);
    const bool low = grant.standing < Standing::Owner;
    if (grant.room == pair.first && low) {
      grant.standing = role == "moderator" ? Standing::Moderator : Standing::Everybody;
    }
  }
}

void Rooms::follow_change(const std::string& id) {
  const auto room = std::make_shared<std::optional<Room>>();
  const bool asked = database_.run(
      [id, room](sdk::Transaction& transaction) {
        *room = store::find(transaction, id);
        return sdk::Database::End::Commit;
      },
      [this, room](cardea_sql_status_t status) {
        if (status == CARDEA_SQL_OK && *room) {
          media_.change(**room);
        }
      });
  if (!asked) {
    host_.warn("room " + id + " was changed; its videoroom follows later");
  }
}

void Rooms::end_grant(const std::string& token) {
  Grant* grant = grants_.find(token);
  if (grant == nullptr) {
    return;
  }
  went(*grant);
  media_.kick(grant->janus_room, grant->participant);
  // Subscriptions of the same bearer end with their connections.
  for (const cardea_handle_t handle : grant->handles) {
    timers_->hangup(host_.context(), handle, sdk::to_str("left the room"));
  }
  grants_.end(token);
}

}  // namespace cardea::rooms
