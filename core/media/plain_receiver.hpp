// A source without WebRTC: RTP or SRTP that comes to a UDP port of its own.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include <cardea/sdk/result.hpp>

#include "core/media/plain.hpp"
#include "core/peer/listener.hpp"
#include "core/peer/media_end.hpp"
#include "core/peer/receiver.hpp"
#include "core/peer/rtcp_receiver.hpp"
#include "core/peer/transport.hpp"

namespace cardea::media {

/// Sans-IO, one thread. Anybody who reaches the port can send: only known SSRCs are taken, and SRTP
/// where it matters.
class PlainReceiver final : public peer::MediaEnd {
 public:
  /// Sends one datagram from the port.
  using Send = std::function<void(const Address& to, Bytes datagram)>;

  /// All outlive it. @param arena is not written to.
  static Result<std::unique_ptr<PlainReceiver>> create(const ReceiverSettings& settings,
                                                       peer::SendArena& arena,
                                                       peer::Counters& counters,
                                                       peer::Listener& listener, Send send);

  /// One datagram, opened in place. @returns the packet when it was media of a source.
  std::optional<peer::SourcePacket> receive(MutableBytes datagram, const Address& from, Time now);
  /// Once a second; see next_deadline().
  void poll(Time now);
  [[nodiscard]] Time next_deadline() const { return next_tick_; }

  [[nodiscard]] std::size_t lines() const override { return table_.lines().size(); }
  [[nodiscard]] peer::SourceLine* source(std::uint32_t line) override;
  [[nodiscard]] peer::PacketSink* packet_sink(std::uint32_t /*line*/) override { return nullptr; }
  bool request_keyframe(std::uint32_t line, std::uint8_t layer) override;
  // Its sender has no congestion control of ours.
  void set_bitrate(std::uint32_t /*line*/, std::uint32_t /*bitrate*/, Time /*now*/) override {}

 private:
  PlainReceiver(const ReceiverSettings& settings, peer::SendArena& arena, peer::Counters& counters,
                peer::Listener& listener, Send send);
  void receive_rtcp(MutableBytes datagram, const Address& from, Time now);

  peer::Transport transport_;
  peer::StreamTable table_;
  peer::Sinks no_sinks_;
  peer::Receiver receiver_;
  peer::RtcpReceiver rtcp_;
  Send send_;
  Address rtp_from_;
  Address rtcp_from_;
  Time next_tick_ = Time::max();
};

}  // namespace cardea::media
