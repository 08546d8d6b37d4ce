// Short ways to say what clients of a VideoRoom do in tests.
#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "tests/support/fake_host.hpp"

namespace cardea::tests {

using Members = std::initializer_list<std::pair<const char*, Json>>;

inline Said ask(FakeHost& host, cardea_handle_t who, Members members) {
  return host.message(who, Json::object(members));
}
inline int code(const Said& said) { return static_cast<int>(said.body["error_code"].as_int()); }
/// The value of "videoroom"; valid as long as the answer lives elsewhere, so for asserts only.
inline const char* kind(const Said& said) {
  return json_string_value(said.body["videoroom"].raw());
}

inline Said join(FakeHost& host, cardea_handle_t who, std::uint64_t room, std::uint64_t id = 0) {
  Json body = Json::object({{"request", "join"}, {"room", room}, {"ptype", "publisher"}});
  if (id != 0) {
    body.set("id", id);
  }
  return host.message(who, body);
}

/// A participant that publishes audio and video, connected.
inline cardea_handle_t publisher(FakeHost& host, std::uint64_t room, std::uint64_t id,
                                 const Offer& offer = audio_and_video()) {
  const auto who = host.attach();
  join(host, who, room, id);
  host.offer(who, Json::object({{"request", "publish"}}), offer);
  host.media_up(who);
  return who;
}

inline Json feed(std::uint64_t id) { return Json::array().push(Json::object({{"feed", id}})); }

inline Said subscribe(FakeHost& host, cardea_handle_t who, std::uint64_t room,
                      const Json& streams) {
  return ask(host, who,
             {{"request", "join"}, {"room", room}, {"ptype", "subscriber"}, {"streams", streams}});
}
/// A subscription to everything of one publisher, connected.
inline cardea_handle_t subscriber(FakeHost& host, std::uint64_t room, std::uint64_t id) {
  const auto who = host.attach();
  subscribe(host, who, room, feed(id));
  host.answer(who, Json::object({{"request", "start"}}));
  host.media_up(who);
  return who;
}

/// The first event without a request that has this member; absent when there is none.
inline Json told(FakeHost& host, cardea_handle_t who, const char* member) {
  for (const Said& said : host.unasked(who)) {
    if (said.body.has(member)) {
      return said.body;
    }
  }
  return {};
}

}  // namespace cardea::tests
