// Where a route brings the packets of a source: an m-line of a peer, plain RTP, an observer.
#pragma once

#include "core/base/time.hpp"
#include "core/peer/source_state.hpp"
#include "core/peer/stream_table.hpp"

namespace cardea::peer {

/// One thread. forward() and leave_out() get the packets of one source in the order of arrival.
class PacketSink {
 public:
  virtual ~PacketSink() = default;

  /// The source that packets will come of. @param anew false: the same as before, renegotiated.
  virtual void attach(const SourceLine& source, bool anew) = 0;
  virtual void detach() = 0;
  /// The next packet follows the last one without a gap, whatever was left out between them.
  virtual void skip() = 0;
  [[nodiscard]] virtual bool ready() const = 0;
  /// @param ends_picture nothing more of this picture will come: it is marked so.
  /// @returns false when it was not sent.
  virtual bool forward(const SourcePacket& in, bool ends_picture, Time now) = 0;
  /// forward() is about to be called: what it needs may be brought into the processor's cache.
  virtual void prepare() const {}
  /// A packet of the stream that goes on is not wanted: the numbers close behind it.
  virtual void leave_out(const SourcePacket& in) = 0;
  /// Milliseconds; -1: the extension is not added.
  virtual void set_playout_delay(std::int32_t /*min*/, std::int32_t /*max*/) {}
};

}  // namespace cardea::peer
