// Which streams of a publisher are being recorded, and to which files.
#include <algorithm>
#include <chrono>

#include "plugins/videoroom/events.hpp"
#include "plugins/videoroom/recording.hpp"
#include "plugins/videoroom/room.hpp"
#include "plugins/videoroom/room_registry.hpp"

namespace cardea::videoroom {

namespace {

std::int64_t wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

// "<filename>-audio-0.mjr", or with room, user and time as Janus makes it up.
std::string file_name(const Publisher& publisher, const PublishedStream& stream, std::int64_t now) {
  const std::string stem = publisher.filename.empty()
                               ? "videoroom-" + publisher.room.id.text() + "-user-" +
                                     publisher.id.text() + "-" + std::to_string(now)
                               : publisher.filename;
  return stem + "-" + events::kind_name(stream.kind) + "-" + std::to_string(stream.mindex) + ".mjr";
}

void tell_of_end(const Publisher& publisher, const Recording& recording) {
  const char* reason = sdk::name_of(recording.end());
  publisher.room.host().warn("recording " + recording.path() + " has ended: " + reason);
  Json event = events::base(publisher.room.id);
  event.set("id", publisher.id).set("mid", recording.mid);
  publisher.tell(event.set("recording", "stopped").set("reason", reason));
  publisher.room.rooms().notify(publisher.source, Json::object({{"event", "recording_stopped"},
                                                                {"room", publisher.room.id},
                                                                {"id", publisher.id},
                                                                {"mid", recording.mid},
                                                                {"reason", reason}}));
}

// A recording ended by itself: media goes on.
void failed(RoomRegistry& rooms, Recording& recording) {
  for (const auto& [id, room] : rooms.rooms()) {
    for (const auto& [number, publisher] : room->publishers()) {
      const auto found = std::find_if(publisher->recordings.begin(), publisher->recordings.end(),
                                      [&](const auto& each) { return each.get() == &recording; });
      if (found != publisher->recordings.end()) {
        tell_of_end(*publisher, recording);
      }
    }
  }
  recording.stop();
}

void start(Publisher& publisher, const PublishedStream& stream) {
  const Room& room = publisher.room;
  const std::int64_t now = wall_clock();
  const auto path = sdk::recording_path(room.rooms().recordings(), room.options.rec_dir,
                                        file_name(publisher, stream, now));
  if (!path) {
    room.host().warn("room " + room.id.text() + ": a recording outside of the folder is refused");
    return;
  }
  MjrStream header;
  header.kind = stream.kind == CARDEA_AUDIO ? 'a' : stream.kind == CARDEA_VIDEO ? 'v' : 'd';
  header.codec = stream.kind == CARDEA_DATA ? "text" : stream.codec;
  header.fmtp = stream.fmtp;
  header.description = stream.description;
  header.encrypted = publisher.e2ee;
  auto recording =
      std::make_shared<Recording>(publisher.room.host(), stream.mid,
                                  MjrWriter(*path, std::move(header), now), room.recording_budget);
  RoomRegistry& rooms = publisher.room.rooms();
  const auto ended = [&rooms](Recording& each) { failed(rooms, each); };
  if (recording->start(publisher.source, stream.line, ended)) {
    publisher.recordings.push_back(std::move(recording));
  }
}

}  // namespace

void follow_recording(Publisher& publisher) {
  if (!publisher.record || !publisher.published || publisher.source == 0) {
    stop_recording(publisher);
    return;
  }
  std::erase_if(publisher.recordings, [&](const auto& recording) {
    const PublishedStream* stream = publisher.find(recording->mid);
    if (stream != nullptr && !stream->disabled) {
      return false;
    }
    recording->stop();
    return true;
  });
  for (const PublishedStream& stream : publisher.streams) {
    const bool runs = std::any_of(publisher.recordings.begin(), publisher.recordings.end(),
                                  [&](const auto& each) { return each->mid == stream.mid; });
    if (!runs && !stream.disabled) {
      start(publisher, stream);
    }
  }
}

void stop_recording(Publisher& publisher) {
  for (const auto& recording : publisher.recordings) {
    recording->stop();
  }
  publisher.recordings.clear();
}

}  // namespace cardea::videoroom
