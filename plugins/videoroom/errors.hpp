// VideoRoom's error numbers: Janus's documentation, "VideoRoom plugin", and its answers in
// tests/compat/contract.
#pragma once

#include <string>

#include <cardea/sdk/result.hpp>
#include <cardea/sdk/text.hpp>

#include "plugins/videoroom/ids.hpp"

namespace cardea::videoroom {

using ErrorCode = int;
inline constexpr ErrorCode kNoMessage = 421;
inline constexpr ErrorCode kInvalidRequest = 423;
inline constexpr ErrorCode kJoinFirst = 424;
inline constexpr ErrorCode kAlreadyJoined = 425;
inline constexpr ErrorCode kNoSuchRoom = 426;
inline constexpr ErrorCode kRoomExists = 427;
inline constexpr ErrorCode kNoSuchFeed = 428;
inline constexpr ErrorCode kMissingElement = 429;
inline constexpr ErrorCode kInvalidElement = 430;
inline constexpr ErrorCode kInvalidSdpType = 431;
inline constexpr ErrorCode kPublishersFull = 432;
inline constexpr ErrorCode kUnauthorized = 433;
inline constexpr ErrorCode kAlreadyPublished = 434;
inline constexpr ErrorCode kNotPublished = 435;
inline constexpr ErrorCode kIdExists = 436;
inline constexpr ErrorCode kInvalidSdp = 437;
inline constexpr ErrorCode kUnknownError = 499;

inline Error error(ErrorCode code, std::string text) { return {std::move(text), code}; }
using sdk::echoed;
inline Error no_such_room(const Id& id) {
  return error(kNoSuchRoom, "No such room (" + echoed(id.text()) + ")");
}
inline Error no_such_feed(const Id& id) {
  return error(kNoSuchFeed, "No such feed (" + echoed(id.text()) + ")");
}
inline Error no_such_mid(std::string_view mid, const Id& feed) {
  return error(kNoSuchFeed,
               "No such mid '" + echoed(mid) + "' in feed (" + echoed(feed.text()) + ")");
}

}  // namespace cardea::videoroom
