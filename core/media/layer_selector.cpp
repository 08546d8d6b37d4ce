// The highest available layer that is not above the wanted one.
#include "core/media/layer_selector.hpp"

namespace cardea::media {

void LayerSelector::set_wanted(std::int32_t highest) {
  wanted_ = highest;
  choose();
}

void LayerSelector::set_available(std::uint8_t mask) {
  available_ = mask;
  choose();
}

void LayerSelector::choose() {
  if (available_ == 0) {
    return;
  }
  std::int32_t best = kNone;
  for (std::int32_t layer = 0; layer < static_cast<std::int32_t>(peer::kMaxLayers); ++layer) {
    if ((available_ >> layer & 1) == 0) {
      continue;
    }
    // Better too good a picture than none.
    if (best == kNone || wanted_ < 0 || layer <= wanted_) {
      best = layer;
    }
  }
  target_ = best;
}

bool LayerSelector::accept(const peer::SourcePacket& packet) {
  // A key frame that came by retransmission starts nothing: what followed it has passed already.
  if (packet.layer == target_ && target_ != current_ && packet.keyframe && !packet.repaired) {
    current_ = target_;
  }
  return packet.layer == current_;
}

std::optional<std::uint8_t> LayerSelector::waiting_for() const {
  if (target_ == kNone || target_ == current_) {
    return std::nullopt;
  }
  return static_cast<std::uint8_t>(target_);
}

std::optional<std::uint8_t> LayerSelector::current() const {
  return current_ == kNone ? std::nullopt : std::optional(static_cast<std::uint8_t>(current_));
}

}  // namespace cardea::media
