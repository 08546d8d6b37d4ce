#include "plugins/videoroom/loudest.hpp"

#include <algorithm>
#include <vector>

#include "plugins/videoroom/publisher.hpp"
#include "plugins/videoroom/room.hpp"

namespace cardea::videoroom {

void note_talk(Room& room, PublishedStream& stream) { stream.talked = ++room.talks; }

void choose_heard(const Room& room) {
  struct Speaker {
    Publisher* publisher;
    PublishedStream* stream;
  };
  std::vector<Speaker> speakers;
  for (const auto& [id, publisher] : room.publishers()) {
    for (PublishedStream& stream : publisher->streams) {
      if (stream.kind == CARDEA_AUDIO && !stream.disabled) {
        speakers.push_back({publisher, &stream});
      }
    }
  }
  const auto before = [](const Speaker& a, const Speaker& b) {
    return a.stream->talking != b.stream->talking ? a.stream->talking
                                                  : a.stream->talked > b.stream->talked;
  };
  std::stable_sort(speakers.begin(), speakers.end(), before);
  const std::size_t heard =
      room.options.audio_loudest == 0 ? speakers.size() : room.options.audio_loudest;
  for (std::size_t place = 0; place < speakers.size(); ++place) {
    const auto& [publisher, stream] = speakers[place];
    if (stream->unheard != (place >= heard)) {
      stream->unheard = place >= heard;
      room.refresh_routes(*publisher);
    }
  }
}

}  // namespace cardea::videoroom
