// Acts of moderators: on somebody of lower standing only, written down, obeyed by all nodes.
#include <ctime>
#include <utility>

#include <cardea/sdk/ids.hpp>

#include "plugins/rooms/operations.hpp"
#include "plugins/rooms/store.hpp"

namespace cardea::rooms {

namespace {

constexpr std::int64_t kHour = 3600;
constexpr std::int64_t kDefaultBan = 24;  // hours

Json items(Json rows) { return Json::object({{"items", std::move(rows)}}); }

Standing standing_of_user(sdk::Transaction& transaction, const Room& room,
                          const std::string& user) {
  sdk::Principal target;
  target.id = user;
  target.rank = store::rank_of(transaction, user);
  return standing_of(target, room, store::role_of(transaction, room.id, user));
}

}  // namespace

void Rooms::act_on(sdk::RestCall&& call, Act act, const char* word, Work work, Json order) {
  const std::string target = call["user"].text_or();
  const sdk::Principal who = call.principal();
  if (target == who.id) {
    call.fail(400, "own_account", "You cannot do that to yourself");
    return;
  }
  const auto room_id = std::make_shared<std::string>();
  in_room(
      std::move(call), act,
      [who, target, word, room_id, reason = call["reason"].text_or(), work = std::move(work)](
          sdk::Transaction& transaction, const Room& room, Standing standing) -> sdk::RestOutcome {
        if (standing_of_user(transaction, room, target) >= standing) {
          return {403, "higher_rank", "Nobody acts on one of equal or higher rank"};
        }
        *room_id = room.id;
        const std::int64_t at = std::time(nullptr);
        store::write_down(transaction, {room.id, who.name, target, word, reason}, at);
        return work(transaction, room, standing);
      },
      [this, room_id, target, order = std::move(order)] {
        Json whole = order;
        spread(whole.set("room", *room_id).set("user", target));
      });
}

void Rooms::kick(sdk::RestCall call) {
  const Json order = Json::object({{"order", "kick"}, {"reason", call["reason"].text_or()}});
  act_on(
      std::move(call), Act::Kick, "kick",
      [](sdk::Transaction&, const Room&, Standing) -> sdk::RestOutcome { return {}; }, order);
}

void Rooms::ban(sdk::RestCall call) {
  store::Ban ban;
  ban.id = sdk::random_text();
  ban.user = call["user"].text_or();
  ban.reason = call["reason"].text_or();
  ban.by = call.principal().name;
  ban.created_at = std::time(nullptr);
  const std::int64_t hours = call["duration_hours"].as_int(kDefaultBan);
  ban.expires_at = hours == 0 ? 0 : ban.created_at + hours * kHour;
  const bool with_address = call["address"].as_bool();
  const auto guests = std::make_shared<std::map<Pair, Visitor>>(visitors_);
  const Json order = Json::object({{"order", "ban"}, {"reason", ban.reason}});
  act_on(
      std::move(call), Act::Ban, "ban",
      [ban, guests, with_address](sdk::Transaction& transaction, const Room& room,
                                  Standing) -> sdk::RestOutcome {
        store::Ban whole = ban;
        whole.room = room.id;
        const auto known = guests->find({room.id, ban.user});
        if (known != guests->end()) {
          whole.username = known->second.name;
          whole.cookie = known->second.cookie;
          whole.address =
              known->second.guest || with_address ? known->second.address : std::string();
        }
        store::put(transaction, whole);
        return {};
      },
      order);
}

void Rooms::list_bans(sdk::RestCall call) {
  in_room(std::move(call), Act::Ban,
          [](sdk::Transaction& transaction, const Room& room, Standing) -> sdk::RestOutcome {
            return items(store::bans(transaction, room.id, std::time(nullptr)));
          });
}

void Rooms::lift_ban(sdk::RestCall call) {
  in_room(std::move(call), Act::Ban,
          [ban = call["ban"].text_or(), actor = call.principal().name](
              sdk::Transaction& transaction, const Room& room, Standing) -> sdk::RestOutcome {
            if (!store::lift(transaction, room.id, ban)) {
              return {404, "no_such_ban", "There is no such ban"};
            }
            store::write_down(transaction, {room.id, actor, ban, "unban", ""}, std::time(nullptr));
            return {};
          });
}

void Rooms::mute(sdk::RestCall call) {
  const std::string kind = call["kind"].text_or("audio");
  if (kind != "audio" && kind != "video") {
    call.fail(400, "invalid_parameter", "kind should be audio or video");
    return;
  }
  const bool muted = call["muted"].as_bool();
  const Json order = Json::object({{"order", "mute"}, {"kind", kind}, {"muted", muted}});
  act_on(
      std::move(call), Act::Mute, muted ? "mute" : "unmute",
      [](sdk::Transaction&, const Room&, Standing) -> sdk::RestOutcome { return {}; }, order);
}

void Rooms::enroll(sdk::RestCall call) {
  const std::string role = call["role"].text_or("member");
  if (role != "member" && role != "moderator") {
    call.fail(400, "invalid_parameter", "role should be member or moderator");
    return;
  }
  const std::string user = call["user"].text_or();
  act_on(
      std::move(call), Act::Enroll, role == "member" ? "invite" : "promote",
      [user, role](sdk::Transaction& transaction, const Room& room,
                   Standing standing) -> sdk::RestOutcome {
        if (role == "moderator" && !may(standing, Act::Promote)) {
          return {403, "not_permitted", "Only the owner makes moderators"};
        }
        if (store::rank_of(transaction, user) == CARDEA_RANK_NOBODY) {
          return {404, "no_such_user", "There is no such account"};
        }
        store::enroll(transaction, room.id, user, role, std::time(nullptr));
        return {};
      },
      Json::object({{"order", "role"}, {"role", role}}));
}

void Rooms::list_enrollments(sdk::RestCall call) {
  in_room(std::move(call), Act::Enroll,
          [](sdk::Transaction& transaction, const Room& room, Standing) -> sdk::RestOutcome {
            return items(store::enrollments(transaction, room.id));
          });
}

void Rooms::expel(sdk::RestCall call) {
  const std::string user = call["user"].text_or();
  act_on(
      std::move(call), Act::Enroll, "expel",
      [user](sdk::Transaction& transaction, const Room& room, Standing) -> sdk::RestOutcome {
        if (!store::expel(transaction, room.id, user)) {
          return {404, "not_enrolled", "That account has no role here"};
        }
        return {};
      },
      Json::object({{"order", "role"}, {"role", ""}}));
}

void Rooms::show_audit(sdk::RestCall call) {
  in_room(std::move(call), Act::ReadAudit,
          [](sdk::Transaction& transaction, const Room& room, Standing) -> sdk::RestOutcome {
            return items(store::audit(transaction, room.id, kMostRows));
          });
}

}  // namespace cardea::rooms
