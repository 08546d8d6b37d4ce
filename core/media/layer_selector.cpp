// The highest available layer that is not above the wanted one.
#include "core/media/layer_selector.hpp"

#include <algorithm>
#include <utility>

namespace cardea::media {

void LayerSelector::set_wanted(std::int32_t highest, std::int32_t temporal, bool exact) {
  wanted_ = highest;
  wanted_temporal_ = temporal < 0 ? kAll : temporal;
  exact_ = exact;
  choose();
}

bool LayerSelector::set_available(std::uint8_t mask) {
  const bool changed = mask != available_;
  available_ = mask;
  choose();
  return changed;
}

void LayerSelector::restart() {
  current_ = kNone;
  waiting_since_ = Time();
  keyframes_known_ = false;
}

void LayerSelector::choose() {
  if (available_ == 0) {
    return;
  }
  std::int32_t best = kNone;
  for (std::int32_t layer = 0; layer < static_cast<std::int32_t>(peer::kMaxLayers); ++layer) {
    if ((available_ >> layer & 1) == 0 || (exact_ && layer != wanted_)) {
      continue;
    }
    // Better too good a picture than none.
    if (best == kNone || wanted_ < 0 || layer <= wanted_) {
      best = layer;
    }
  }
  if (best != target_) {
    target_ = best;
    waiting_since_ = Time();
  }
}

bool LayerSelector::may_begin(const peer::SourcePacket& packet, Time now) {
  // A key frame that came by retransmission starts nothing: what followed it has passed already.
  if (packet.repaired) {
    return false;
  }
  if (packet.keyframe) {
    return true;
  }
  if (waiting_since_ == Time()) {
    waiting_since_ = now;
    waiting_timestamp_ = packet.packet.timestamp();
  }
  const bool new_frame =
      std::exchange(waiting_timestamp_, packet.packet.timestamp()) != packet.packet.timestamp();
  return new_frame && !keyframes_known_ && now >= waiting_since_ + kPatience;
}

void LayerSelector::begin(const peer::SourcePacket& packet) {
  current_ = packet.layer;
  waiting_since_ = Time();
  temporal_cap_ = wanted_temporal_;
  spatial_cap_ = wanted_ < 0 ? kAll : wanted_;
}

LayerSelector::Verdict LayerSelector::judge(const peer::SourcePacket& packet, Time now) {
  keyframes_known_ = keyframes_known_ || packet.frame.keyframe;
  if (packet.layer == target_ && target_ != current_ && may_begin(packet, now)) {
    begin(packet);
  }
  if (packet.layer != current_) {
    return Verdict::Other;
  }
  const rtp::FrameInfo& frame = packet.frame;
  if (frame.temporal < 0 && frame.spatial < 0) {
    return Verdict::Pass;
  }
  if (!packet.repaired) {
    follow_temporal(packet);
  }
  if (frame.temporal > temporal_cap_ || frame.spatial > spatial_cap_) {
    return Verdict::LeftOut;
  }
  if (frame.starts && !packet.repaired) {
    note_sent(frame);
  }
  return frame.ends && frame.spatial == spatial_cap_ ? Verdict::PassLast : Verdict::Pass;
}

void LayerSelector::follow_temporal(const peer::SourcePacket& packet) {
  const rtp::FrameInfo& frame = packet.frame;
  if (!frame.starts) {
    return;
  }
  spatial_seen_ = std::max<std::int32_t>(spatial_seen_, frame.spatial);
  const std::int32_t wanted_spatial = wanted_ < 0 ? kAll : wanted_;
  if (frame.keyframe) {
    // Nothing after it refers to what was before.
    temporal_cap_ = wanted_temporal_;
    spatial_cap_ = wanted_spatial;
    return;
  }
  if (frame.spatial <= 0) {
    spatial_cap_ = std::min(spatial_cap_, wanted_spatial);
  }
  if (temporal_cap_ >= wanted_temporal_) {
    temporal_cap_ = wanted_temporal_;
  } else if (frame.switch_up && frame.temporal <= wanted_temporal_) {
    // VP8's sync frame needs the base layer only; behind the switching points of VP9 and AV1 every
    // higher layer can be followed (RFC 7741 4.2, RFC 9628 4.2, AV1 A.8.1.1).
    const bool all = packet.codec != rtp::Codec::Vp8 && frame.temporal <= temporal_cap_;
    temporal_cap_ = all ? wanted_temporal_ : std::max<std::int32_t>(temporal_cap_, frame.temporal);
  }
}

void LayerSelector::note_sent(const rtp::FrameInfo& frame) {
  sent_spatial_ = frame.spatial < 0 ? kNone : std::min(spatial_cap_, spatial_seen_);
  window_temporal_ = std::max<std::int32_t>(window_temporal_, frame.temporal);
  sent_temporal_ = std::min(std::max(sent_temporal_, window_temporal_), temporal_cap_);
  if (++window_ == kWindow) {
    sent_temporal_ = window_temporal_;
    window_temporal_ = kNone;
    window_ = 0;
  }
}

std::optional<std::uint8_t> LayerSelector::waiting_for() const {
  if (target_ == kNone) {
    return std::nullopt;
  }
  const bool spatial_up = spatial_cap_ < (wanted_ < 0 ? kAll : wanted_) &&
                          spatial_cap_ < spatial_seen_ && current_ != kNone;
  if (target_ == current_ && !spatial_up) {
    return std::nullopt;
  }
  return static_cast<std::uint8_t>(target_);
}

std::optional<std::uint8_t> LayerSelector::current() const {
  return current_ == kNone ? std::nullopt : std::optional(static_cast<std::uint8_t>(current_));
}

std::optional<LayerState> LayerSelector::take_change() {
  if (current_ == kNone) {
    return std::nullopt;
  }
  LayerState state;
  state.substream = simulcast_ ? current_ : sent_spatial_;
  state.temporal = sent_temporal_;
  const bool plain = state.substream < 0 && state.temporal <= 0;
  if (state == told_ || (plain && told_ == LayerState())) {
    return std::nullopt;
  }
  told_ = state;
  return state;
}

}  // namespace cardea::media
