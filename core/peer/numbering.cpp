#include "core/peer/numbering.hpp"

#include <algorithm>

namespace cardea::peer {
namespace {

constexpr std::uint64_t kCycle = 0x1'0000;
// A longer step would make the receiver, and our own SRTP index, take it for one back.
constexpr std::uint64_t kMaxGap = 0x4000;

std::uint32_t ticks(Duration elapsed, std::uint32_t clock_rate) {
  return static_cast<std::uint32_t>(elapsed.count() * clock_rate / 1'000'000);
}

}  // namespace

void Numbering::begin_at(const SourcePacket& in, std::uint32_t clock_rate, Time now) {
  base_in_ = in.seq;
  newest_in_ = in.seq;
  gaps_ = {};
  if (started_) {
    base_out_ = last_ + 1;
    const std::uint32_t passed = std::max(1U, ticks(now - last_sent_, clock_rate));
    timestamp_offset_ = last_timestamp_ + passed - in.timestamp();
  } else {
    // Low, so that losing the first packets cannot mislead the receiver's rollover counter
    // (RFC 3711 3.3.1).
    base_out_ = kCycle + (in.packet.seq() & 0x7FFF);
    last_ = base_out_ - 1;
    started_ = true;
  }
  if (pictures_) {
    picture_offset_ = static_cast<std::uint16_t>(last_picture_ + 1 - in.frame.picture_id);
    tl0_offset_ = static_cast<std::uint8_t>(last_tl0_ + 1 - in.frame.tl0);
  }
  epoch_ = in.epoch;
  layer_ = in.layer;
  restart_ = false;
}

std::optional<Numbering::Gaps> Numbering::before(std::uint64_t seq) const {
  Gaps gaps = gaps_;
  std::size_t looked = 0;
  while (gaps.packets > 0 && looked < left_out_->size()) {
    const LeftOut& newest = (*left_out_)[(gaps.packets - 1) % left_out_->size()];
    if (newest.seq < seq) {
      return gaps;
    }
    --gaps.packets;
    gaps.pictures = static_cast<std::uint16_t>(gaps.pictures - (newest.picture ? 1 : 0));
    ++looked;
  }
  return gaps.packets == 0 ? std::optional(gaps) : std::nullopt;
}

std::optional<Numbering::Numbers> Numbering::number(const SourcePacket& in,
                                                    std::uint32_t clock_rate, Time now) {
  const bool far =
      in.seq >= base_in_ && base_out_ + (in.seq - base_in_) > last_ + kMaxGap + gaps_.packets;
  if (restart_ || in.epoch != epoch_ || far) {
    begin_at(in, clock_rate, now);
  }
  // Older than the packet that this run of numbers began with: its number is taken.
  if (in.seq < base_in_) {
    return std::nullopt;
  }
  const auto gaps = before(in.seq);
  if (!gaps) {
    return std::nullopt;
  }
  Numbers out;
  out.seq = base_out_ + (in.seq - base_in_) - gaps->packets;
  if (!used_.is_new(out.seq)) {
    return std::nullopt;
  }
  out.timestamp = in.timestamp() + timestamp_offset_;
  if (in.frame.has_picture_id) {
    const auto shift = static_cast<std::uint16_t>(picture_offset_ - gaps->pictures);
    out.picture_id = static_cast<std::uint16_t>((in.frame.picture_id + shift) & 0x7FFF);
    out.tl0 = static_cast<std::uint8_t>(in.frame.tl0 + tl0_offset_);
    out.moves_picture = (shift & 0x7FFF) != 0 || tl0_offset_ != 0;
  }
  return out;
}

void Numbering::commit(const SourcePacket& in, const Numbers& numbers, Time now) {
  used_.commit(numbers.seq);
  newest_in_ = std::max(newest_in_, in.seq);
  if (numbers.seq <= last_) {
    return;
  }
  last_ = numbers.seq;
  last_timestamp_ = numbers.timestamp;
  last_sent_ = now;
  if (in.frame.has_picture_id) {
    pictures_ = true;
    last_picture_ = numbers.picture_id;
    last_tl0_ = numbers.tl0;
  }
}

void Numbering::leave_out(const SourcePacket& in) {
  // One that comes late has its gap already.
  if (restart_ || in.epoch != epoch_ || in.seq <= newest_in_) {
    return;
  }
  newest_in_ = in.seq;
  if (!left_out_) {
    left_out_ = std::make_unique<std::array<LeftOut, 256>>();
  }
  (*left_out_)[gaps_.packets % left_out_->size()] = {in.seq, in.frame.starts};
  ++gaps_.packets;
  gaps_.pictures = static_cast<std::uint16_t>(gaps_.pictures + (in.frame.starts ? 1 : 0));
}

}  // namespace cardea::peer
