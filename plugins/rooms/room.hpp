// A room as it is kept, who somebody is in it, and what that lets him do.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <cardea/sdk/rest.hpp>

namespace cardea::rooms {

struct Room {
  std::string id;
  std::string name;
  std::string slug;
  std::string type = "video";         ///< or "voice"
  std::string visibility = "public";  ///< or "private", "invite"
  std::string owner_id;               ///< empty: nobody
  std::string password_hash;          ///< empty: none
  std::string topic;
  std::string description;
  std::int64_t capacity = 0;
  std::int64_t max_publishers = 12;
  std::int64_t bitrate = 0;
  bool locked = false;
  bool lobby = false;
  bool guests = true;
  std::int64_t slow_mode = 0;
  std::uint64_t janus_room = 0;
  std::int64_t created_at = 0;
  std::int64_t last_active = 0;
};

/// From the least to the most; each may what those before it may, and act on them.
enum class Standing { Everybody, Moderator, Owner, SiteModerator, Admin };

/// What takes more than being let in, and the least standing that it takes.
enum class Act { Change, Delete, Topic, Kick, Ban, Mute, Admit, Enroll, Promote, ReadAudit };

Standing least_for(Act act);
inline bool may(Standing standing, Act act) { return standing >= least_for(act); }

/// @param role of the enrollment: "moderator", "member" or empty.
Standing standing_of(const sdk::Principal& who, const Room& room, std::string_view role);
const char* word_of(Standing standing);

/// The words of ROM-09 for what somebody may.
Json permissions_of(Standing standing);

/// As clients see it; never the hash.
Json show(const Room& room);

/// 1 to 64 of letters, digits, space and _-!@#&().
bool is_room_name(std::string_view name);
/// What a link to the room has; empty when nothing of the name can stand there.
std::string slug_of(std::string_view name);
/// As names are compared.
std::string folded(std::string_view name);

}  // namespace cardea::rooms
