// A session's sending half.
#include "core/srtp/packet_index.hpp"
#include "core/srtp/session.hpp"
#include "core/srtp/session_impl.hpp"

namespace cardea::srtp {

namespace {

constexpr std::uint64_t kMaxRtpIndex = (std::uint64_t{1} << 48) - 1;
constexpr std::uint64_t kMaxRtcpIndex = (std::uint64_t{1} << 31) - 1;
constexpr std::uint64_t kHalfRange = 0x7FFF;

/// The index to send under. The error is None when it may be used.
SrtpError next_index(SendState& state, std::uint16_t sequence_number, std::uint64_t& index) {
  if (!state.started) {
    index = sequence_number;
    return SrtpError::None;
  }
  index = estimate_index(state.highest, sequence_number);
  // A number from before the first packet, across the wrap: to count it as the future would lose
  // the receiver for good if this one packet got lost.
  if (index > state.highest + kHalfRange) {
    return SrtpError::Replayed;
  }
  return index > kMaxRtpIndex ? SrtpError::IndexExhausted : SrtpError::None;
}

}  // namespace

SrtpResult Session::Impl::seal_rtp(Bytes clear, Bytes payload, std::uint8_t* cipher) {
  const std::uint16_t sequence_number = load_u16(clear.data() + 2);
  const std::uint32_t ssrc = load_u32(clear.data() + 8);
  SendState* state = sent.find_or_add(ssrc);
  if (state == nullptr) {
    return {0, SrtpError::TooManyStreams};
  }
  std::uint64_t index = 0;
  if (const SrtpError error = next_index(*state, sequence_number, index);
      error != SrtpError::None) {
    return {0, error};
  }
  std::array<std::uint8_t, 4> roc{};
  store_u32(roc.data(), static_cast<std::uint32_t>(index >> 16));
  if (!rtp->seal({ssrc, index}, clear, payload, cipher, roc, cipher + payload.size())) {
    return {0, SrtpError::Crypto};
  }
  if (!state->started || index > state->highest) {
    state->highest = index;
    state->started = true;
  }
  return {clear.size() + payload.size() + rtp_overhead(profile), SrtpError::None};
}

SrtpResult Session::protect_rtp(MutableBytes buffer, std::size_t size) {
  if (size > buffer.size() || buffer.size() - size < rtp_overhead(impl_->profile)) {
    return {0, SrtpError::NoRoom};
  }
  const auto clear = clear_size(buffer.first(size));
  if (!clear) {
    return {0, SrtpError::Malformed};
  }
  return impl_->seal_rtp(buffer.first(*clear), buffer.subspan(*clear, size - *clear),
                         buffer.data() + *clear);
}

SrtpResult Session::protect_rtp(Bytes header, Bytes payload, MutableBytes out) {
  if (out.size() < header.size() + payload.size() + rtp_overhead(impl_->profile)) {
    return {0, SrtpError::NoRoom};
  }
  if (clear_size(header) != header.size()) {
    return {0, SrtpError::Malformed};
  }
  std::memcpy(out.data(), header.data(), header.size());
  return impl_->seal_rtp(header, payload, out.data() + header.size());
}

SrtpResult Session::protect_rtcp(MutableBytes buffer, std::size_t size) {
  Impl& self = *impl_;
  if (size > buffer.size() || buffer.size() - size < rtcp_overhead(self.profile)) {
    return {0, SrtpError::NoRoom};
  }
  if (size < kRtcpHeaderSize || buffer[0] >> 6 != 2) {
    return {0, SrtpError::Malformed};
  }
  const std::uint32_t ssrc = load_u32(buffer.data() + 4);
  RtcpSendState* state = self.sent_rtcp.find_or_add(ssrc);
  if (state == nullptr) {
    return {0, SrtpError::TooManyStreams};
  }
  if (state->next > kMaxRtcpIndex) {
    return {0, SrtpError::IndexExhausted};
  }
  const std::uint64_t index = state->next++;
  std::array<std::uint8_t, kRtcpIndexSize> word{};
  store_u32(word.data(), static_cast<std::uint32_t>(index) | kRtcpEncrypted);
  const std::size_t tag_size = rtcp_tag_size(self.profile);
  const bool gcm = is_gcm(self.profile);
  auto* const tag = buffer.data() + (gcm ? size : size + kRtcpIndexSize);
  if (!self.rtcp->seal({ssrc, index}, buffer.first(kRtcpHeaderSize),
                       buffer.subspan(kRtcpHeaderSize, size - kRtcpHeaderSize),
                       buffer.data() + kRtcpHeaderSize, word, tag)) {
    return {0, SrtpError::Crypto};
  }
  std::memcpy(buffer.data() + (gcm ? size + tag_size : size), word.data(), word.size());
  return {size + tag_size + kRtcpIndexSize, SrtpError::None};
}

}  // namespace cardea::srtp
