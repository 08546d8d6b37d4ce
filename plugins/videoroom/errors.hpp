// VideoRoom's error numbers: Janus's documentation, "VideoRoom plugin", and its answers in
// tests/compat/contract.
#pragma once

#include <string>

#include <cardea/sdk/result.hpp>

namespace cardea::videoroom {

enum ErrorCode : int {
  kNoMessage = 421,
  kInvalidRequest = 423,
  kJoinFirst = 424,
  kAlreadyJoined = 425,
  kNoSuchRoom = 426,
  kRoomExists = 427,
  kNoSuchFeed = 428,
  kMissingElement = 429,
  kInvalidElement = 430,
  kInvalidSdpType = 431,
  kPublishersFull = 432,
  kUnauthorized = 433,
  kAlreadyPublished = 434,
  kNotPublished = 435,
  kIdExists = 436,
  kInvalidSdp = 437,
  kUnknownError = 499,
};

inline Error error(ErrorCode code, std::string text) { return {std::move(text), code}; }
inline Error no_such_room(std::uint64_t id) {
  return error(kNoSuchRoom, "No such room (" + std::to_string(id) + ")");
}
inline Error no_such_feed(std::uint64_t id) {
  return error(kNoSuchFeed, "No such feed (" + std::to_string(id) + ")");
}

}  // namespace cardea::videoroom
