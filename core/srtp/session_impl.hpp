// What a Session holds; shared by its sending and its receiving half only.
#pragma once

#include <memory>
#include <optional>

#include "core/srtp/replay_window.hpp"
#include "core/srtp/session.hpp"
#include "core/srtp/stream_table.hpp"
#include "core/srtp/transform.hpp"

namespace cardea::srtp {

constexpr std::size_t kRtpHeaderSize = 12;
constexpr std::size_t kRtcpHeaderSize = 8;
constexpr std::size_t kRtcpIndexSize = 4;
// The E bit: the body is encrypted.
constexpr std::uint32_t kRtcpEncrypted = 0x80000000U;

struct SendState {
  std::uint64_t highest = 0;
  bool started = false;
};

struct RtcpSendState {
  // libsrtp's first index, which every browser has been tested with.
  std::uint64_t next = 1;
};

struct Session::Impl {
  Impl(Profile with, SessionLimits limits)
      : profile(with),
        received(limits.max_streams),
        received_rtcp(limits.max_streams),
        sent(limits.max_streams),
        sent_rtcp(limits.max_streams) {}

  SrtpResult seal_rtp(Bytes clear, Bytes payload, std::uint8_t* cipher);

  Profile profile;
  std::unique_ptr<Transform> rtp;
  std::unique_ptr<Transform> rtcp;
  StreamTable<ReplayWindow> received;
  StreamTable<ReplayWindow> received_rtcp;
  StreamTable<SendState> sent;
  StreamTable<RtcpSendState> sent_rtcp;
};

/// Bytes of an RTP packet that are never encrypted: header, CSRCs and header extension (RFC
/// 3711 3.1). Empty when they do not fit into `packet` or it is not version 2.
std::optional<std::size_t> clear_size(Bytes packet);

}  // namespace cardea::srtp
