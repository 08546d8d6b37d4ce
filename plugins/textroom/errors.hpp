// TextRoom's error numbers: Janus's documentation, "janus_textroom.c", macros.
#pragma once

#include <string>
#include <utility>

#include <cardea/sdk/result.hpp>

namespace cardea::textroom {

using ErrorCode = int;
inline constexpr ErrorCode kNoMessage = 411;
inline constexpr ErrorCode kMissingElement = 413;
inline constexpr ErrorCode kInvalidElement = 414;
inline constexpr ErrorCode kInvalidRequest = 415;
inline constexpr ErrorCode kAlreadySetUp = 416;
inline constexpr ErrorCode kNoSuchRoom = 417;
inline constexpr ErrorCode kRoomExists = 418;
inline constexpr ErrorCode kUnauthorized = 419;
inline constexpr ErrorCode kUsernameTaken = 420;
inline constexpr ErrorCode kAlreadyInRoom = 421;
inline constexpr ErrorCode kNotInRoom = 422;
inline constexpr ErrorCode kNoSuchUser = 423;
inline constexpr ErrorCode kUnknownError = 499;

inline Error error(ErrorCode code, std::string text) { return {std::move(text), code}; }

}  // namespace cardea::textroom
