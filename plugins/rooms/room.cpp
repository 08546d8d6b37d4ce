#include "plugins/rooms/room.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cardea::rooms {

namespace {

constexpr std::size_t kLongestName = 64;
constexpr std::array<std::pair<Act, Standing>, 10> kLeast{{{Act::Change, Standing::Owner},
                                                           {Act::Delete, Standing::Owner},
                                                           {Act::Topic, Standing::Moderator},
                                                           {Act::Kick, Standing::Moderator},
                                                           {Act::Ban, Standing::Moderator},
                                                           {Act::Mute, Standing::Moderator},
                                                           {Act::Admit, Standing::Moderator},
                                                           {Act::Enroll, Standing::Moderator},
                                                           {Act::Promote, Standing::Owner},
                                                           {Act::ReadAudit, Standing::Moderator}}};

constexpr std::array kOfModerators{"ban",
                                   "kick",
                                   "close_cam",
                                   "mute_user_audio",
                                   "mute_user_chat",
                                   "mute_room_chat",
                                   "mute_room_audio",
                                   "room_details"};
constexpr std::array kOfOwners{"apply_password", "assign_roles", "manage_roles", "bypass_password"};

bool is_letter_or_digit(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

}  // namespace

Standing least_for(Act act) { return kLeast.at(static_cast<std::size_t>(act)).second; }

Standing standing_of(const sdk::Principal& who, const Room& room, std::string_view role) {
  if (who.rank >= CARDEA_RANK_ADMIN) {
    return Standing::Admin;
  }
  if (who.rank >= CARDEA_RANK_MODERATOR) {
    return Standing::SiteModerator;
  }
  if (!room.owner_id.empty() && room.owner_id == who.id) {
    return Standing::Owner;
  }
  return role == "moderator" ? Standing::Moderator : Standing::Everybody;
}

const char* word_of(Standing standing) {
  constexpr std::array kWords{"everybody", "moderator", "owner", "site_moderator", "admin"};
  return kWords.at(static_cast<std::size_t>(standing));
}

Json permissions_of(Standing standing) {
  Json out = Json::array();
  out.push("broadcast");
  if (standing >= Standing::Moderator) {
    for (const char* each : kOfModerators) {
      out.push(each);
    }
  }
  if (standing >= Standing::Owner) {
    for (const char* each : kOfOwners) {
      out.push(each);
    }
  }
  return out;
}

Json show(const Room& room) {
  Json out = Json::object({{"id", room.id},
                           {"name", room.name},
                           {"slug", room.slug},
                           {"type", room.type},
                           {"visibility", room.visibility},
                           {"public", room.visibility == "public"},
                           {"owner_id", room.owner_id},
                           {"janus_room", room.janus_room},
                           {"requires_password", !room.password_hash.empty()},
                           {"topic", room.topic},
                           {"description", room.description},
                           {"capacity", room.capacity},
                           {"max_publishers", room.max_publishers},
                           {"bitrate", room.bitrate}});
  return out.set("locked", room.locked)
      .set("lobby", room.lobby)
      .set("guests", room.guests)
      .set("slow_mode", room.slow_mode)
      .set("created_at", room.created_at)
      .set("last_active", room.last_active);
}

bool is_room_name(std::string_view name) {
  constexpr std::string_view kMarks = " _-!@#&()";
  const bool known = std::all_of(name.begin(), name.end(), [&](char c) {
    return is_letter_or_digit(c) || kMarks.find(c) != std::string_view::npos;
  });
  return known && name.size() <= kLongestName && !slug_of(name).empty();
}

std::string slug_of(std::string_view name) {
  std::string out;
  for (const char c : folded(name)) {
    if (is_letter_or_digit(c)) {
      out += c;
    } else if (!out.empty() && out.back() != '-') {
      out += '-';
    }
  }
  while (!out.empty() && out.back() == '-') {
    out.pop_back();
  }
  return out;
}

std::string folded(std::string_view name) {
  std::string out(name);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return out;
}

}  // namespace cardea::rooms
