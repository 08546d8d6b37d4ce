// The messages to and from the data thread: small values, in order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <variant>
#include <vector>

#include "core/base/mailbox.hpp"
#include "core/media/commands.hpp"
#include "core/media/data_taps.hpp"
#include "core/media/engine.hpp"
#include "core/sctp/data_channels.hpp"

namespace cardea::media {

/// SCTP packets of one peer, to or from its worker.
struct PeerPackets {
  PeerId peer = 0;
  std::uint32_t epoch = 0;
  std::vector<std::vector<std::uint8_t>> packets;
};

// Worker to data thread.

/// The peer is connected and has a data m-line.
struct DataUp {
  LineRef line;
  std::uint32_t epoch = 0;
  sctp::ChannelsOptions options;
  /// Where its worker takes packets to send. The workers outlive the data thread.
  Mailbox<PeerPackets>* packets = nullptr;
};
struct DataDown {
  PeerId peer = 0;
  std::uint32_t epoch = 0;
};

// Control to data thread, beside the commands for routes, AddDataTap and RemovePeer (which here
// means: routes and taps of that peer are gone).

struct SendData {
  PeerId peer = 0;
  std::uint32_t epoch = 0;
  DataMessage message;
};
/// So much of what was delivered to control has been dealt with.
struct DataTaken {
  PeerId peer = 0;
  std::uint32_t epoch = 0;
  std::size_t messages = 0;
  std::size_t cost = 0;  ///< see cost_of()
};

using DataInput = std::variant<DataUp, DataDown, PeerPackets, AddRoute, SetRoute, RemoveRoute,
                               RemovePeer, AddDataTap, SendData, DataTaken>;

// Data thread to control.

struct ChannelsUp {
  std::uint32_t line = 0;
};
struct ChannelsDown {};
struct DataArrived {
  DataMessage message;
};
/// So many bytes of what control sent are with SCTP now.
struct DataSentOn {
  std::size_t bytes = 0;
};

struct DataNotice {
  PeerId peer = 0;
  std::uint32_t epoch = 0;
  std::variant<ChannelsUp, ChannelsDown, DataArrived, DataSentOn> what;
};

/// What a message counts as in every bound: small ones are not free.
inline std::size_t cost_of(std::string_view payload) { return payload.size() + 256; }

}  // namespace cardea::media
