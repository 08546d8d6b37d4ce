// Requests about rooms: list, make, show, change, end.
#include <ctime>
#include <utility>

#include <cardea/sdk/ids.hpp>

#include "plugins/rooms/crypto.hpp"
#include "plugins/rooms/operations.hpp"
#include "plugins/rooms/store.hpp"

namespace cardea::rooms {

namespace {

constexpr std::size_t kLongestTopic = 140;  // characters

sdk::RestProblem invalid(const char* detail) { return {400, "invalid_parameter", detail, {}, {}}; }

std::size_t characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    count += (static_cast<unsigned char>(c) & 0xC0U) != 0x80U ? 1 : 0;
  }
  return count;
}

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> known) {
  for (const std::string_view each : known) {
    if (word == each) {
      return true;
    }
  }
  return false;
}

// Takes over what is given; the password is left to the transaction.
std::optional<sdk::RestProblem> read(const Json& given, Room& room) {
  if (given["name"]) {
    room.name = given["name"].text_or();
    room.slug = slug_of(room.name);
  }
  room.type = given["type"].text_or(room.type);
  room.visibility = given["visibility"].text_or(room.visibility);
  if (given["public"]) {
    room.visibility = given["public"].as_bool() ? "public" : "private";
  }
  room.topic = given["topic"].text_or(room.topic);
  room.description = given["description"].text_or(room.description);
  room.capacity = given["capacity"].as_int(room.capacity);
  room.max_publishers = given["max_publishers"].as_int(room.max_publishers);
  room.bitrate = given["bitrate"].as_int(room.bitrate);
  room.locked = given["locked"].as_bool(room.locked);
  room.lobby = given["lobby"].as_bool(room.lobby);
  room.guests = given["guests"].as_bool(room.guests);
  room.slow_mode = given["slow_mode"].as_int(room.slow_mode);
  if (!is_room_name(room.name)) {
    return invalid("name should have 1 to 64 letters, digits, spaces or _-!@#&()");
  }
  if (!is_one_of(room.type, {"video", "voice"})) {
    return invalid("type should be video or voice");
  }
  if (!is_one_of(room.visibility, {"public", "private", "invite"})) {
    return invalid("visibility should be public, private or invite");
  }
  if (characters(room.topic) > kLongestTopic) {
    return invalid("topic should have at most 140 characters");
  }
  return std::nullopt;
}

void set_password(const Json& given, Room& room) {
  if (const Json password = given["password"]) {
    room.password_hash =
        password.as_text().empty() ? std::string() : hash_password(password.as_text());
  }
}

sdk::RestOutcome name_taken() {
  return {409, "name_taken", "There is a room of this name or with the same link"};
}

}  // namespace

void Rooms::list(sdk::RestCall call) {
  const sdk::Principal who = call.principal();
  const std::string words = folded(call["q"].text_or());
  const std::int64_t limit = call["limit"].as_int(kMostListed);
  const std::int64_t offset = call["offset"].as_int();
  answer_from(
      database_, std::move(call),
      [who, words, limit, offset](sdk::Transaction& transaction) -> sdk::RestOutcome {
        Json out = Json::array();
        for (const Room& room : store::list(
                 transaction, who.id, who.at_least(CARDEA_RANK_MODERATOR), words, limit, offset)) {
          out.push(show(room));
        }
        return Json::object({{"rooms", out}});
      },
      nullptr,
      [this](Json& answer) {
        for (std::size_t i = 0; i < answer["rooms"].size(); ++i) {
          Json room = answer["rooms"].at(i);
          room.set("users", users_in(room["id"].text_or()));
        }
      });
}

void Rooms::create(sdk::RestCall call) {
  const auto room = std::make_shared<Room>();
  if (const auto problem = read(call.params(), *room)) {
    call.fail(*problem);
    return;
  }
  room->id = sdk::random_text();
  room->owner_id = call.principal().id;
  room->janus_room = sdk::random_id();
  room->created_at = room->last_active = std::time(nullptr);
  answer_from(
      database_, std::move(call),
      [this, room, given = call.params()](sdk::Transaction& transaction) -> sdk::RestOutcome {
        if (store::name_is_taken(transaction, *room)) {
          return name_taken();
        }
        if (store::count(transaction) >= settings_.most_rooms) {
          return {409, "too_many_rooms", "This server has as many rooms as can be"};
        }
        set_password(given, *room);
        store::put(transaction, *room);
        return show(*room);
      },
      [this, room] { tell_room(*room, "room:created"); });
}

void Rooms::show_one(sdk::RestCall call) {
  const sdk::Principal who = call.principal();
  answer_from(
      database_, std::move(call),
      [who, id = call["id"].text_or()](sdk::Transaction& transaction) -> sdk::RestOutcome {
        const auto room = store::find(transaction, id);
        const std::string role = room ? store::role_of(transaction, room->id, who.id) : "";
        // Who is not invited is not told that there is one.
        if (!room || (room->visibility == "invite" && role.empty() &&
                      standing_of(who, *room, role) == Standing::Everybody)) {
          return {404, "no_such_room", "There is no such room"};
        }
        return show(*room);
      },
      nullptr, [this](Json& room) { room.set("users", users_in(room["id"].text_or())); });
}

void Rooms::update(sdk::RestCall call) {
  const auto changed = std::make_shared<Room>();
  in_room(
      std::move(call), Act::Change,
      [changed, given = call.params()](sdk::Transaction& transaction, const Room& room,
                                       Standing) -> sdk::RestOutcome {
        *changed = room;
        if (const auto problem = read(given, *changed)) {
          return *problem;
        }
        if (store::name_is_taken(transaction, *changed)) {
          return name_taken();
        }
        set_password(given, *changed);
        store::change(transaction, *changed);
        return show(*changed);
      },
      [this, changed] {
        spread(Json::object({{"order", "change"}, {"room", changed->id}}));
        tell_room(*changed, "room:updated");
      });
}

void Rooms::set_topic(sdk::RestCall call) {
  const auto changed = std::make_shared<Room>();
  in_room(
      std::move(call), Act::Topic,
      [changed, topic = call["topic"].text_or()](sdk::Transaction& transaction, const Room& room,
                                                 Standing) -> sdk::RestOutcome {
        *changed = room;
        changed->topic = topic;
        if (characters(topic) > kLongestTopic) {
          return invalid("topic should have at most 140 characters");
        }
        store::change(transaction, *changed);
        return show(*changed);
      },
      [this, changed] { tell_room(*changed, "room:updated"); });
}

void Rooms::remove(sdk::RestCall call) {
  const auto gone = std::make_shared<Room>();
  in_room(
      std::move(call), Act::Delete,
      [gone, actor = call.principal().name](sdk::Transaction& transaction, const Room& room,
                                            Standing) -> sdk::RestOutcome {
        *gone = room;
        store::remove(transaction, room.id);
        store::write_down(transaction, {room.id, actor, room.name, "delete", ""},
                          std::time(nullptr));
        return {};
      },
      [this, gone] {
        spread(Json::object(
            {{"order", "delete"}, {"room", gone->id}, {"janus_room", gone->janus_room}}));
        tell_room(*gone, "room:deleted");
      });
}

void Rooms::who_is_where(sdk::RestCall call) {
  const sdk::Principal who = call.principal();
  answer_from(
      database_, std::move(call),
      [who](sdk::Transaction& transaction) -> sdk::RestOutcome {
        Json rooms = Json::object();
        for (const Room& room : store::list(
                 transaction, who.id, who.at_least(CARDEA_RANK_MODERATOR), "", kMostRows, 0)) {
          rooms.set(room.id, Json::array());
        }
        return Json::object({{"rooms", rooms}});
      },
      nullptr,
      [this](Json& answer) {
        Json occupied = Json::object();
        answer["rooms"].for_each_member([&](std::string_view id, const Json&) {
          const Json users = users_in(std::string(id));
          if (users.size() != 0) {
            occupied.set(std::string(id), users);
          }
        });
        answer.set("rooms", occupied);
      });
}

Json Rooms::users_in(const std::string& room) const {
  Json out = Json::array();
  presence_->members(presence_->instance, sdk::to_str(room), &out,
                     [](void* sink, cardea_str_t user, cardea_str_t /*name*/) {
                       static_cast<Json*>(sink)->push(sdk::to_view(user));
                     });
  return out;
}

void Rooms::in_room(sdk::RestCall&& call, Act act, Work work, std::function<void()> after,
                    std::function<void(Json& answer)> complete) {
  const sdk::Principal who = call.principal();
  answer_from(
      database_, std::move(call),
      [who, act, work = std::move(work),
       id = call["id"].text_or()](sdk::Transaction& transaction) -> sdk::RestOutcome {
        const auto room = store::find(transaction, id);
        if (!room) {
          return {404, "no_such_room", "There is no such room"};
        }
        const Standing standing =
            standing_of(who, *room, store::role_of(transaction, room->id, who.id));
        if (!may(standing, act)) {
          return {403, "not_permitted", "Your role in this room does not allow that"};
        }
        return work(transaction, *room, standing);
      },
      std::move(after), std::move(complete));
}

}  // namespace cardea::rooms
