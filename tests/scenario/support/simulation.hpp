// A whole small world: the server's shard, clients and the network between them, driven by one
// seed.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "core/base/packet_pool.hpp"
#include "core/media/shard.hpp"
#include "tests/scenario/support/client_peer.hpp"
#include "tests/scenario/support/network.hpp"

namespace cardea::scenario {

/// Made once per process: a key takes time under sanitizers.
const std::shared_ptr<const dtls::Certificate>& server_certificate();
const std::shared_ptr<const dtls::Certificate>& client_certificate();

/// Line descriptions as the session layer would make them: opus 111, VP8 96 with RTX 97, mid under
/// extension id 1, rid 2, repaired rid 3.
peer::LineParams audio_line(const std::string& mid);
peer::LineParams video_line(const std::string& mid);

/// One thread, virtual time from zero.
class Simulation {
 public:
  explicit Simulation(std::uint64_t seed, const media::ShardOptions& options = {});

  /// Adds a peer and the client behind it. @param lines of the peer; SSRCs of sinks are filled in
  /// where they are zero.
  ClientPeer& add_client(media::PeerId id, std::vector<peer::LineParams> lines);
  /// The parameters that add_client() gave the peer, to be changed and handed to update().
  peer::Params& params(media::PeerId id) { return params_[id]; }
  void update(media::PeerId id) { apply(media::UpdatePeer{id, params_[id]}); }
  void apply(media::Command command) { shard_.apply(command, network_.now()); }
  void route(media::RouteId id, media::LineRef source, media::LineRef sink,
             const media::RouteSettings& settings = {}) {
    apply(media::AddRoute{id, source, sink, settings});
  }

  void run_for(Duration time);
  /// Runs until all clients are connected; false after `limit`.
  bool connect_all(Duration limit = std::chrono::seconds(10));

  [[nodiscard]] Time now() const { return network_.now(); }
  [[nodiscard]] Network& network() { return network_; }
  [[nodiscard]] media::Shard& shard() { return shard_; }
  [[nodiscard]] const peer::Counters& counters() const { return shard_.counters(); }
  [[nodiscard]] std::uint64_t dropped(peer::Drop reason) const {
    return counters().dropped(reason);
  }
  [[nodiscard]] const std::vector<media::Notice>& notices() const { return notices_; }
  /// Reason with which the peer went down; empty while it has not.
  [[nodiscard]] std::string down_reason(media::PeerId id) const;

  /// Where client `id` sends from.
  static Address client_address(media::PeerId id, std::uint16_t port_offset = 0);
  static Address server_address();
  /// Where forwarded RTP leaves from.
  static Address plain_address();
  static ice::Credentials credentials(const std::string& name);

 private:
  void step();
  void send(const Address& from, std::span<const peer::SendRun> runs);
  void to_server(MutableBytes datagram, const Address& from, Time now);

  Network network_;
  PacketPool pool_;
  media::Shard shard_;
  std::map<media::PeerId, std::unique_ptr<ClientPeer>> clients_;
  std::map<media::PeerId, peer::Params> params_;
  std::vector<media::Notice> notices_;
  std::uint64_t seed_;
};

}  // namespace cardea::scenario
