// A room: who is in it, what was said of late, and what its members are told.
#pragma once

#include <deque>
#include <map>
#include <string>

#include <cardea/sdk/json.hpp>

#include "plugins/textroom/options.hpp"

namespace cardea::textroom {

class TextHandle;

struct Member {
  TextHandle* handle = nullptr;
  std::string display;
};

/// Members belong to their handles, and leave the room before these end.
class Room {
 public:
  /// @param room_key the id as text. @param room_id as clients know it: a number or a text.
  Room(std::string room_key, Json room_id, RoomOptions chosen, std::size_t history_bytes)
      : key(std::move(room_key)),
        id(std::move(room_id)),
        options(std::move(chosen)),
        history_bytes_(history_bytes) {}

  const std::string key;
  const Json id;
  RoomOptions options;

  [[nodiscard]] const std::map<std::string, Member>& members() const { return members_; }
  /// Null when nobody has that name.
  [[nodiscard]] const Member* find(const std::string& username) const;
  /// [{"username": ..., "display": ...}], without `except`.
  [[nodiscard]] Json listing(const std::string& except = {}) const;

  /// With what was said before when `history` is set; all are told, the new one too.
  void enter(const std::string& username, Member member, bool history);
  /// All are told, the leaving one too unless it is `gone`.
  void leave(const std::string& username, bool gone);
  /// As leave(), for one who is put out.
  void kick(const std::string& username);
  /// Tells all and empties the room.
  void close();

  /// A message from `from`, or an announcement when it is empty.
  void say(const std::string& from, const std::string& text);
  /// To one member only; false when there is none of that name.
  [[nodiscard]] bool whisper(const std::string& from, const std::string& to,
                             const std::string& text) const;

 private:
  void tell(const Json& event) const;
  void remember(const Json& event);
  void remove(const std::string& username);
  [[nodiscard]] Json event(const char* kind) const;
  [[nodiscard]] Json spoken(const char* kind, const std::string& from,
                            const std::string& text) const;

  std::size_t history_bytes_;
  std::map<std::string, Member> members_;
  std::deque<std::string> history_;
  std::size_t remembered_bytes_ = 0;
};

}  // namespace cardea::textroom
