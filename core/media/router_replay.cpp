// How a new viewer catches up with a source: the kept key frame and what followed, piece by piece.
#include <algorithm>
#include <utility>

#include "core/media/router.hpp"

namespace cardea::media {
namespace {

// About 40 Mbit/s to one viewer: a browser's socket takes some 200 KiB at once.
constexpr std::size_t kPieceBytes = std::size_t{24} * 1024;
constexpr Duration kPieceInterval = std::chrono::milliseconds(5);
// Many who come at once must not hold up live packets: about a millisecond's work.
constexpr std::size_t kPiecesPerTurn = 32;

}  // namespace

bool Router::begin_replay(Route& route, Source& source, Time now) {
  if (route.replaying()) {
    return true;
  }
  const peer::SourceLine* line = source.peer.source(source.ref.line);
  // What is recorded or sent elsewhere wants the time as it was, and seconds of a stream at once
  // would stand in a thin link's queue.
  if (line == nullptr || route.current_layer() || route.outlet() != nullptr || route.capped()) {
    return false;
  }
  const std::uint8_t layer = *route.waiting_for();
  peer::FrameCache& frames = line->state->layers[layer].frames;
  frames.evict(now);
  const auto packets = frames.packets();
  if (packets.empty()) {
    return false;
  }
  const peer::SourcePacket& first = packets.front().packet;
  route.start_replay(
      {layer, first.epoch, first.seq, packets.back().packet.packet.timestamp(), now});
  if (std::find(replays_.begin(), replays_.end(), &route) == replays_.end()) {
    replays_.push_back(&route);
  }
  next_replay_ = std::min(next_replay_, now);
  ++counters_.replays;
  return true;
}

void Router::poll_replays(Time now) {
  if (now < next_replay_) {
    return;
  }
  std::size_t pieces = 0;
  std::size_t next = 0;
  for (; next < replays_.size() && pieces < kPiecesPerTurn; ++next) {
    const Replay* replay = replays_[next]->replay();
    if (replay != nullptr && replay->due <= now) {
      replay_piece(*replays_[next], now);
      ++pieces;
    }
  }
  // Those whose turn did not come are first next time.
  std::rotate(replays_.begin(), replays_.begin() + static_cast<std::ptrdiff_t>(next),
              replays_.end());
  std::erase_if(replays_, [](const Route* route) { return !route->replaying(); });
  next_replay_ = Time::max();
  for (Route* route : replays_) {
    next_replay_ = std::min(next_replay_, std::max(route->replay()->due, now + Duration(1)));
  }
}

void Router::replay_piece(Route& route, Time now) {
  Source& from = *source(route.source_ref());
  Replay& replay = *route.replay();
  const peer::FrameCache& frames =
      from.peer.source(from.ref.line)->state->layers[replay.layer].frames;
  const auto kept = frames.packets();
  if (kept.empty() || kept.front().packet.epoch != replay.epoch ||
      kept.front().packet.seq > replay.next_seq) {
    route.break_replay();
    return ask_for_waiting(from, now);
  }
  std::size_t bytes = 0;
  for (const auto& held : frames.packets_from(replay.next_seq)) {
    if (bytes >= kPieceBytes) {
      replay.due = now + kPieceInterval;
      return;
    }
    bytes += held.packet.packet.bytes().size();
    route.replay_one(held.packet, now);
  }
  route.stop_replay();
  if (const auto layers = route.take_change()) {
    listener_.layer_changed(route.sink_ref(), *layers);
  }
  // Another layer's key frame may have passed meanwhile.
  ask_for_waiting(from, now);
}

}  // namespace cardea::media
