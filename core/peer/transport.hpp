// The encrypted path of one peer, as its streams see it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "core/base/path.hpp"
#include "core/base/time.hpp"
#include "core/peer/congestion.hpp"
#include "core/peer/counters.hpp"
#include "core/peer/packet_dump.hpp"
#include "core/peer/send_arena.hpp"
#include "core/srtp/session.hpp"

namespace cardea::peer {

/// Shared by Peer (which fills it in) and its streams (which send through it). One thread.
struct Transport {
  Transport(SendArena& arena_in, Counters& counters_in) : arena(arena_in), counters(counters_in) {}

  SendArena& arena;
  Counters& counters;
  /// Empty until DTLS is done.
  std::optional<srtp::Session> outgoing;
  std::optional<srtp::Session> incoming;
  /// The selected pair.
  Path path;
  /// Media may be sent: the keys are there and the remote's consent is fresh (threat I1).
  bool open = false;
  /// By receiver reports; a guess before the first.
  Duration round_trip = std::chrono::milliseconds(50);
  bool round_trip_known = false;
  /// Of the packets that carry a transport-wide number.
  Congestion congestion;
  /// The remote's REMB, clamped; zero before the first. bit/s.
  std::uint64_t remote_estimate = 0;
  /// Usually nobody.
  std::shared_ptr<PacketDump> dump;

  void committed(std::size_t size) {
    ++counters.packets_out;
    counters.bytes_out += size;
  }
  void show(bool came, Bytes packet) const {
    if (dump) {
      dump->packet(came, packet);
    }
  }
  /// Sends one datagram as it is.
  void send(const Path& to, Bytes datagram) {
    arena.add(to, datagram);
    committed(datagram.size());
  }
};

}  // namespace cardea::peer
