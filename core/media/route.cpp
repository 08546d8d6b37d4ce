// Step 9 of a packet's walk.
#include "core/media/route.hpp"

namespace cardea::media {

void Route::bind(Source& source, peer::SendStream* sink) {
  const peer::SourceLine* line = source.peer.source(source.ref.line);
  if (sink == nullptr || line == nullptr) {
    return unbind();
  }
  if (sink != sink_ || line->state.get() != bound_) {
    sink->attach(line->state);
    selector_.restart();
  }
  sink_ = sink;
  bound_ = line->state.get();
  payloads_ = sink->map_payloads(*line);
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
  selector_.set_wanted(settings.substream);
}

void Route::forward(std::span<const peer::SourcePacket> packets, peer::Counters& counters,
                    Time now) {
  if (settings_.paused || sink_ == nullptr || !sink_->ready()) {
    return;
  }
  for (const peer::SourcePacket& packet : packets) {
    if (!selector_.accept(packet)) {
      continue;
    }
    const std::uint8_t payload_type = payloads_[packet.packet.payload_type()];
    if (payload_type == peer::kNoPayload) {
      ++counters.unmapped_payload;
      continue;
    }
    sink_->forward(packet, payload_type, now);
  }
}

std::optional<std::uint8_t> Route::waiting_for() const {
  if (settings_.paused || sink_ == nullptr || !sink_->ready()) {
    return std::nullopt;
  }
  return selector_.waiting_for();
}

}  // namespace cardea::media
