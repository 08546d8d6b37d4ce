// The incoming media of one peer: SRTP opened, the m-line found, RTX turned back, copies dropped.
#pragma once

#include <optional>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "core/peer/listener.hpp"
#include "core/peer/rtcp_sender.hpp"
#include "core/peer/source_state.hpp"
#include "core/peer/stream_table.hpp"
#include "core/peer/transport.hpp"
#include "core/rtp/twcc_receiver.hpp"

namespace cardea::peer {

/// Sans-IO, one thread. All references outlive it.
class Receiver {
 public:
  Receiver(Transport& transport, StreamTable& table, Listener& listener)
      : transport_(transport), table_(table), listener_(listener) {}

  /// One SRTP datagram, opened in place. Nothing when it was dropped, which is counted.
  std::optional<SourcePacket> receive(MutableBytes datagram, Time now);
  /// The same for a packet in the clear.
  std::optional<SourcePacket> take(MutableBytes packet, Time now);
  /// One SRTCP datagram, opened in place; the compound, empty when it was dropped.
  Bytes open_rtcp(MutableBytes datagram);

  /// Sends the NACKs that are due.
  void poll_nacks(RtcpSender& rtcp, Time now);
  /// Time::max() while nothing is missing.
  [[nodiscard]] Time next_nack() const { return next_nack_; }

  /// Tells the remote when its packets came, as far as that is due (transport-cc).
  void poll_arrivals(RtcpSender& rtcp, Time now) { rtcp.send_arrivals(arrivals_, now); }
  /// Time::max() while there is nothing to tell.
  [[nodiscard]] Time next_arrivals() const {
    return arrivals_.next_deadline().value_or(Time::max());
  }

  /// Once a second: notices silence and loss.
  void tick(Time now);

 private:
  std::optional<SourcePacket> accept(const StreamTable::Found& found, const rtp::Packet& packet,
                                     bool repaired, Time now);
  std::optional<SourcePacket> restore(const StreamTable::Found& found, MutableBytes datagram,
                                      Time now);
  void count(srtp::SrtpError error);
  void note_arrival(const rtp::Packet& packet, Time now);

  Transport& transport_;
  StreamTable& table_;
  Listener& listener_;
  Time next_nack_ = Time::max();
  rtp::TwccReceiver arrivals_;
};

}  // namespace cardea::peer
