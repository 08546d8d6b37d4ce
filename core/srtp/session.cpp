// A session's life, and its receiving half.
#include "core/srtp/session.hpp"

#include <openssl/crypto.h>

#include "core/srtp/packet_index.hpp"
#include "core/srtp/session_impl.hpp"

namespace cardea::srtp {

std::optional<std::size_t> clear_size(Bytes packet) {
  if (packet.size() < kRtpHeaderSize || packet[0] >> 6 != 2) {
    return std::nullopt;
  }
  std::size_t size = kRtpHeaderSize + std::size_t{4} * (packet[0] & 0x0FU);
  if ((packet[0] & 0x10) != 0) {
    if (packet.size() < size + 4) {
      return std::nullopt;
    }
    size += 4 + std::size_t{4} * load_u16(packet.data() + size + 2);
  }
  return size <= packet.size() ? std::optional(size) : std::nullopt;
}

Session::Session(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

Result<Session> Session::create(Profile profile, Bytes key, Bytes salt, SessionLimits limits) {
  if (key.size() != key_size(profile) || salt.size() != salt_size(profile)) {
    return Error{"SRTP: wrong length of master key or salt"};
  }
  auto impl = std::make_unique<Impl>(profile, limits);
  for (const KeyUse use : {KeyUse::Rtp, KeyUse::Rtcp}) {
    auto keys = derive_keys(profile, key, salt, use);
    auto& transform = use == KeyUse::Rtp ? impl->rtp : impl->rtcp;
    transform = keys ? Transform::create(profile, use, *keys) : nullptr;
    if (keys) {
      OPENSSL_cleanse(&*keys, sizeof *keys);
    }
    if (!transform) {
      return Error{"SRTP: OpenSSL offers no cipher for this profile"};
    }
  }
  return Session(std::move(impl));
}

SrtpResult Session::unprotect_rtp(MutableBytes packet) {
  Impl& self = *impl_;
  const std::size_t tag_size = rtp_overhead(self.profile);
  const auto clear =
      packet.size() > tag_size ? clear_size(packet.first(packet.size() - tag_size)) : std::nullopt;
  if (!clear) {
    return {0, SrtpError::Malformed};
  }
  const std::uint16_t sequence_number = load_u16(packet.data() + 2);
  const std::uint32_t ssrc = load_u32(packet.data() + 8);
  ReplayWindow* window = self.received.find(ssrc);
  if (window == nullptr && self.received.full()) {
    return {0, SrtpError::TooManyStreams};
  }
  const std::uint64_t index =
      window != nullptr ? estimate_index(window->highest(), sequence_number) : sequence_number;
  if (window != nullptr && !window->is_new(index)) {
    return {0, SrtpError::Replayed};
  }
  std::array<std::uint8_t, 4> roc{};
  store_u32(roc.data(), static_cast<std::uint32_t>(index >> 16));
  const std::size_t size = packet.size() - tag_size;
  if (!self.rtp->open({ssrc, index}, packet.first(*clear), packet.subspan(*clear, size - *clear),
                      roc, packet.subspan(size))) {
    return {0, SrtpError::AuthFailed};
  }
  // Only an authentic packet may take a place (threat M4).
  if (ReplayWindow* state = window != nullptr ? window : self.received.find_or_add(ssrc)) {
    state->commit(index);
  }
  return {size, SrtpError::None};
}

SrtpResult Session::unprotect_rtcp(MutableBytes packet) {
  Impl& self = *impl_;
  const std::size_t tag_size = rtcp_tag_size(self.profile);
  if (packet.size() < kRtcpHeaderSize + tag_size + kRtcpIndexSize || packet[0] >> 6 != 2) {
    return {0, SrtpError::Malformed};
  }
  const std::size_t size = packet.size() - tag_size - kRtcpIndexSize;
  // GCM: text, tag, index. CM: text, index, tag.
  const bool gcm = is_gcm(self.profile);
  const Bytes index_word = packet.subspan(gcm ? size + tag_size : size, kRtcpIndexSize);
  const Bytes tag = packet.subspan(gcm ? size : size + kRtcpIndexSize, tag_size);
  const std::uint32_t word = load_u32(index_word.data());
  if ((word & kRtcpEncrypted) == 0) {
    return {0, SrtpError::AuthFailed};
  }
  const std::uint32_t ssrc = load_u32(packet.data() + 4);
  const std::uint64_t index = word & ~kRtcpEncrypted;
  ReplayWindow* window = self.received_rtcp.find(ssrc);
  if (window == nullptr && self.received_rtcp.full()) {
    return {0, SrtpError::TooManyStreams};
  }
  if (window != nullptr && !window->is_new(index)) {
    return {0, SrtpError::Replayed};
  }
  if (!self.rtcp->open({ssrc, index}, packet.first(kRtcpHeaderSize),
                       packet.subspan(kRtcpHeaderSize, size - kRtcpHeaderSize), index_word, tag)) {
    return {0, SrtpError::AuthFailed};
  }
  if (ReplayWindow* state = window != nullptr ? window : self.received_rtcp.find_or_add(ssrc)) {
    state->commit(index);
  }
  return {size, SrtpError::None};
}

void Session::remove_stream(std::uint32_t ssrc) {
  impl_->received.erase(ssrc);
  impl_->received_rtcp.erase(ssrc);
  impl_->sent.erase(ssrc);
  impl_->sent_rtcp.erase(ssrc);
}

Profile Session::profile() const { return impl_->profile; }

std::size_t Session::rtp_streams() const { return impl_->received.size() + impl_->sent.size(); }

std::size_t Session::rtcp_streams() const {
  return impl_->received_rtcp.size() + impl_->sent_rtcp.size();
}

}  // namespace cardea::srtp
