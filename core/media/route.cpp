// Step 9 of a packet's walk.
#include "core/media/route.hpp"

namespace cardea::media {

void Route::bind(Source& source, peer::PacketSink* sink) {
  const peer::SourceLine* line = source.peer.source(source.ref.line);
  if (sink == nullptr || line == nullptr) {
    return unbind();
  }
  const bool anew = sink != sink_ || line->state.get() != bound_;
  sink->attach(*line, anew);
  sink->set_playout_delay(settings_.min_delay, settings_.max_delay);
  if (anew) {
    selector_.restart();
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
}

void Route::set(const RouteSettings& settings) {
  if (settings.paused != settings_.paused) {
    selector_.restart();
    if (sink_ != nullptr) {
      sink_->skip();
    }
  }
  settings_ = settings;
  selector_.set_wanted(settings.substream, settings.temporal, settings.exact);
  if (sink_ != nullptr) {
    sink_->set_playout_delay(settings.min_delay, settings.max_delay);
  }
}

std::optional<LayerState> Route::forward(std::span<const peer::SourcePacket> packets, Time now) {
  if (settings_.paused || sink_ == nullptr || !sink_->ready()) {
    return std::nullopt;
  }
  using Verdict = LayerSelector::Verdict;
  for (const peer::SourcePacket& packet : packets) {
    const Verdict verdict = selector_.judge(packet, now);
    if (verdict == Verdict::LeftOut) {
      sink_->leave_out(packet);
    } else if (verdict != Verdict::Other) {
      sink_->forward(packet, verdict == Verdict::PassLast, now);
    }
  }
  return selector_.take_change();
}

std::optional<std::uint8_t> Route::waiting_for() const {
  if (settings_.paused || sink_ == nullptr || !sink_->ready()) {
    return std::nullopt;
  }
  return selector_.waiting_for();
}

}  // namespace cardea::media
