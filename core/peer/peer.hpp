// One WebRTC connection: ICE-lite, DTLS, SRTP and the streams in it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <cardea/sdk/result.hpp>

#include "core/base/bytes.hpp"
#include "core/base/path.hpp"
#include "core/base/time.hpp"
#include "core/dtls/endpoint.hpp"
#include "core/ice/lite_agent.hpp"
#include "core/peer/identity.hpp"
#include "core/peer/listener.hpp"
#include "core/peer/media_end.hpp"
#include "core/peer/params.hpp"
#include "core/peer/path_set.hpp"
#include "core/peer/receiver.hpp"
#include "core/peer/rtcp_receiver.hpp"
#include "core/peer/rtcp_sender.hpp"
#include "core/peer/send_stream.hpp"
#include "core/peer/stats.hpp"
#include "core/peer/stream_table.hpp"
#include "core/peer/transport.hpp"

namespace cardea::peer {

/// What a peer can be refused for: weak ICE credentials, a fingerprint that is missing, weak or
/// broken (threats I6, M3). [any]
Result<void> check_params(const Params& params);

/// What a peer is given by its owner. All of it outlives the peer.
struct Environment {
  Identity identity;
  SendArena& arena;
  Counters& counters;
  Listener& listener;
  /// REMB never tells more, and tells it where there is no cap. bit/s.
  std::uint32_t max_bitrate = 10'000'000;
};

/// Sans-IO, one thread: datagrams and time in; datagrams out through the arena, events through the
/// listener.
class Peer final : public MediaEnd {
 public:
  enum class State : std::uint8_t { Waiting, Handshaking, Connected, Ended };

  /// @param params that check_params() accepts.
  Peer(const Params& params, const Environment& environment, Time now);
  Peer(const Peer&) = delete;
  Peer& operator=(const Peer&) = delete;

  /// Renegotiated: see media::Engine::update_peer().
  /// @returns the ICE ufrag that is not valid any more, usually empty.
  std::string update(const Params& params);

  /// One datagram of any protocol, changed in place. @returns the packet when it was media of a
  /// source; it borrows from `datagram`.
  std::optional<SourcePacket> receive(MutableBytes datagram, const Path& from, Time now);
  /// Does what is due.
  void poll(Time now);
  [[nodiscard]] Time next_deadline() const;
  /// Says goodbye by close_notify. No event comes.
  void close();

  [[nodiscard]] State state() const { return state_; }
  /// Datagrams other than STUN are taken from here: a good check came by it.
  [[nodiscard]] bool valid_path(const Path& from) const { return valid_.contains(from); }
  [[nodiscard]] std::vector<Path> paths() const { return valid_.list(); }
  /// This path is gone (a TCP connection that was closed). Sends go by another one, or wait for the
  /// next check.
  void lose_path(const Path& path);
  /// All ufrags that checks may be for.
  [[nodiscard]] std::vector<std::string> ufrags() const;
  [[nodiscard]] std::size_t generations() const { return ice_.generations().size(); }
  [[nodiscard]] const Transport& transport() const { return transport_; }
  /// Transport-wide feedback of what is sent was negotiated.
  [[nodiscard]] bool hears_of_arrivals() const;
  [[nodiscard]] Congestion& congestion() { return transport_.congestion; }
  [[nodiscard]] PeerStats stats(Time now) const;

  [[nodiscard]] std::size_t lines() const override { return sinks_.size(); }
  /// Null when nothing is received or sent there.
  [[nodiscard]] SourceLine* source(std::uint32_t line) override;
  [[nodiscard]] SendStream* sink(std::uint32_t line);
  [[nodiscard]] PacketSink* packet_sink(std::uint32_t line) override { return sink(line); }

  /// PLI or FIR to the remote at once; the caller spaces them. False when the layer is not known
  /// yet or nothing of the kind was negotiated.
  bool request_keyframe(std::uint32_t line, std::uint8_t layer) override;
  /// Shows it all RTP and RTCP from now on; null ends that.
  void set_dump(std::shared_ptr<PacketDump> to) { transport_.dump = std::move(to); }
  /// One packet of data channels. Dropped unless connected.
  void send_application_data(Bytes packet);
  /// The cap that REMB tells. @param line or kWholePeer. @param bitrate bit/s, zero for none.
  void set_bitrate(std::uint32_t line, std::uint32_t bitrate, Time now) override;
  static constexpr std::uint32_t kWholePeer = 0xFFFF'FFFF;

 private:
  void on_stun(Bytes datagram, const Path& from, Time now);
  void on_dtls(Bytes datagram, const Path& from, Time now);
  void forget_paths(Time now);
  void send_dtls();
  void follow_dtls(Time now);
  bool come_up(Time now);
  bool start_srtp();
  void end(std::string_view reason);
  void tick(Time now);
  void fill_probe(Time now);
  /// Whoever can send padding, or null.
  [[nodiscard]] SendStream* padder() const;
  [[nodiscard]] std::uint64_t remb_bitrate() const;

  Listener& listener_;
  std::uint32_t max_bitrate_;
  /// What stats() tells of the description.
  Params params_;
  Transport transport_;
  ice::LiteAgent ice_;
  dtls::Endpoint dtls_;
  StreamTable sources_;
  Sinks sinks_;
  Receiver receiver_;
  RtcpReceiver rtcp_in_;
  RtcpSender rtcp_out_;

  State state_ = State::Waiting;
  PathSet valid_;
  Time made_;
  Time connected_;
  Time setup_deadline_;
  Time next_tick_ = Time::max();
  std::vector<std::uint32_t> line_bitrates_;
  std::uint32_t peer_bitrate_ = 0;
  /// Data channels alone were negotiated when the peer was made.
  bool data_only_ = false;
};

}  // namespace cardea::peer
