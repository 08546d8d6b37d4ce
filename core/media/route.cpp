// Step 9 of a packet's walk.
#include "core/media/route.hpp"

#include <algorithm>
#include <utility>

namespace cardea::media {
namespace {

// Pictures of two seconds pass by in 63 ms: the viewer sees the newest at once, and its player does
// not learn a delay that is none.
constexpr std::int32_t kReplaySpeed = 32;

/// -1 is "all there are".
std::int32_t lower(std::int32_t a, std::int32_t b) {
  return a < 0 || b < 0 ? std::max(a, b) : std::min(a, b);
}

}  // namespace

void Route::choose() {
  if (shed_ == Shed::Layers) {
    return selector_.set_wanted(0, 0, false);
  }
  selector_.set_wanted(lower(settings_.substream, cap_.substream),
                       lower(settings_.temporal, cap_.temporal), settings_.exact);
}

std::vector<Rung> Route::within_wish(std::vector<Rung> ladder) const {
  const auto too_much = [this](const Rung& rung) {
    return lower(settings_.substream, rung.substream) != rung.substream ||
           lower(settings_.temporal, rung.temporal) != rung.temporal;
  };
  if (!ladder.empty()) {
    ladder.erase(std::remove_if(ladder.begin() + 1, ladder.end(), too_much), ladder.end());
  }
  return ladder;
}

bool Route::cap(const Rung& most) {
  if (!starved_ && cap_.same_layer(most)) {
    return false;
  }
  cap_ = most;
  choose();
  set_starved(false);
  return true;
}

void Route::leave_layer() {
  if (selector_.waiting_for() && selector_.current()) {
    restart();
    if (sink_ != nullptr) {
      sink_->skip();
    }
  }
}

bool Route::shed(Shed shed) {
  const Shed before = std::exchange(shed_, shed);
  if (before == shed) {
    return false;
  }
  choose();
  if ((before == Shed::Video || shed == Shed::Video) && !starved_) {
    restart();
    if (sink_ != nullptr) {
      sink_->skip();
    }
  }
  return shed > before;
}

bool Route::starve() {
  if (starved_) {
    return false;
  }
  set_starved(true);
  return true;
}

void Route::set_starved(bool starved) {
  if (starved == starved_) {
    return;
  }
  starved_ = starved;
  restart();
  if (sink_ != nullptr) {
    sink_->skip();
  }
}

void Route::bind(Source& source, peer::PacketSink* sink) {
  const peer::SourceLine* line = source.peer.source(source.ref.line);
  if (sink == nullptr || line == nullptr) {
    return unbind();
  }
  const bool anew = sink != sink_ || line->state.get() != bound_;
  sink->attach(*line, anew);
  sink->set_playout_delay(settings_.min_delay, settings_.max_delay);
  if (anew) {
    restart();
  }
  selector_.set_simulcast(line->rids.size() > 1 || line->layers[1] != nullptr);
  sink_ = sink;
  bound_ = line->state.get();
}

void Route::unbind() {
  if (sink_ != nullptr) {
    sink_->detach();
  }
  sink_ = nullptr;
  bound_ = nullptr;
  stop_replay();
}

void Route::set(const RouteSettings& settings) {
  if (settings.paused != settings_.paused) {
    restart();
    if (sink_ != nullptr) {
      sink_->skip();
    }
  }
  settings_ = settings;
  choose();
  if (sink_ != nullptr) {
    sink_->set_playout_delay(settings.min_delay, settings.max_delay);
  }
}

std::optional<LayerState> Route::forward(std::span<const peer::SourcePacket> packets, Time now) {
  if (stopped()) {
    return std::nullopt;
  }
  if (replay_) {
    give_older(packets, now);
    return std::nullopt;
  }
  for (const peer::SourcePacket& packet : packets) {
    give(packet, now);
  }
  return selector_.take_change();
}

void Route::give(const peer::SourcePacket& packet, Time now) {
  using Verdict = LayerSelector::Verdict;
  const Verdict verdict = selector_.judge(packet, now);
  if (verdict == Verdict::LeftOut) {
    sink_->leave_out(packet);
  } else if (verdict != Verdict::Other) {
    sink_->forward(packet, verdict == Verdict::PassLast, now);
  }
}

void Route::give_older(std::span<const peer::SourcePacket> packets, Time now) {
  for (const peer::SourcePacket& packet : packets) {
    if (packet.layer == replay_->layer && packet.epoch == replay_->epoch &&
        packet.seq < replay_->next_seq) {
      give(packet, now);
    }
  }
}

void Route::replay_one(const peer::SourcePacket& packet, Time now) {
  peer::SourcePacket shifted = packet;
  const auto age = static_cast<std::int32_t>(replay_->newest - packet.packet.timestamp());
  if (age > 0) {
    shifted.time_shift = static_cast<std::uint32_t>(age - age / kReplaySpeed);
  }
  give(shifted, now);
  replay_->next_seq = packet.seq + 1;
}

void Route::break_replay() {
  restart();
  sink_->skip();
}

std::optional<std::uint8_t> Route::waiting_for() const {
  if (stopped()) {
    return std::nullopt;
  }
  return selector_.waiting_for();
}

}  // namespace cardea::media
