// A route's end outside WebRTC: plain or SRTP packets to one address.
#pragma once

#include <memory>
#include <optional>

#include <cardea/sdk/result.hpp>

#include "core/media/plain.hpp"
#include "core/peer/counters.hpp"
#include "core/peer/numbering.hpp"
#include "core/peer/packet_sink.hpp"
#include "core/peer/send_arena.hpp"
#include "core/srtp/session.hpp"

namespace cardea::media {

/// An SRTP context of SDES keys; empty where they say that RTP goes in the clear.
Result<std::optional<srtp::Session>> session_for(const PlainKeys& keys);

/// Sans-IO, one thread.
class ForwardEnd final : public peer::PacketSink {
 public:
  /// @param arena and counters outlive it.
  static Result<std::shared_ptr<ForwardEnd>> create(const ForwardSettings& settings,
                                                    peer::SendArena& arena,
                                                    peer::Counters& counters);

  void attach(const peer::SourceLine& source, bool anew) override;
  void detach() override { numbering_.restart(); }
  void skip() override { numbering_.restart(); }
  [[nodiscard]] bool ready() const override { return true; }
  bool forward(const peer::SourcePacket& in, bool ends_picture, Time now) override;
  void leave_out(const peer::SourcePacket& in) override { numbering_.leave_out(in); }

  /// Where its RTCP comes from; empty without.
  [[nodiscard]] const Address& rtcp() const { return rtcp_; }
  /// Shows the receiver, and the NATs on the way, where its RTCP may go to.
  void open_rtcp();
  enum class Wish { None, Other, Own };
  /// A datagram from there, opened in place: whether it asks for a key frame of this stream, or of
  /// an SSRC that is not its own.
  Wish keyframe_wish(MutableBytes datagram);

 private:
  ForwardEnd(ForwardSettings settings, peer::SendArena& arena, peer::Counters& counters);

  ForwardSettings settings_;
  peer::SendArena& arena_;
  peer::Counters& counters_;
  Address rtcp_;
  std::optional<srtp::Session> outgoing_;
  std::optional<srtp::Session> incoming_;
  peer::Numbering numbering_;
  std::uint32_t clock_rate_ = 0;
  std::uint32_t ssrc_ = 0;
  rtp::ExtensionIds from_, to_;
};

}  // namespace cardea::media
