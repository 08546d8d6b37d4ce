// The JSON of what VideoRoom tells its clients. Shapes as in Janus's documentation and in
// tests/compat/contract.
#pragma once

#include <cstdint>

#include <cardea/sdk/json.hpp>

#include "plugins/videoroom/publisher.hpp"

namespace cardea::videoroom {

class Subscriber;

namespace events {

/// {"videoroom":"event","room":N}
Json base(const Id& room);
const char* kind_name(cardea_kind_t kind);
/// A participant's streams as the others, and it itself, are told of them.
Json streams(const Publisher& publisher);
/// One entry of "publishers".
Json publisher(const Publisher& publisher);
/// All connected publishers but one, with their talking state; for `joined`.
Json publishers(const Room& room, const Publisher& except);
/// All participants but one that are not connected; for `joined` in rooms with notify_joining.
Json attendees(const Room& room, const Publisher& except);
/// {"id":N,"display":"..."}
Json attendee(const Publisher& publisher);
/// One entry of "participants".
Json participant(const Publisher& publisher);
/// Streams, audio_codec and video_codec, added to the answer to an offer.
void add_negotiated(Json& body, const Publisher& publisher);
/// What a subscriber gets, m-line by m-line.
Json subscription(const Subscriber& subscriber);
/// A stream's publisher has begun or ended to talk. @param level mean, -dBov.
Json talking(const Publisher& publisher, const PublishedStream& stream, double level);

}  // namespace events
}  // namespace cardea::videoroom
