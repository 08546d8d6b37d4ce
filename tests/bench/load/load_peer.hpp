// One synthetic WebRTC client: a UDP socket, ICE checks, DTLS, SRTP both ways.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/dtls/certificate.hpp"
#include "core/dtls/endpoint.hpp"
#include "core/ice/client_agent.hpp"
#include "core/net/event_loop.hpp"
#include "core/net/udp_socket.hpp"
#include "core/srtp/session.hpp"

namespace cardea::load {

struct Remote {
  std::string ufrag;
  std::string password;
  std::string fingerprint;  ///< "sha-256 AB:CD:..."
  Address address;
  bool dtls_client = false;  ///< the server's DTLS role: ours is the other
};

/// One thread: the loop's. Everything that arrives in the clear goes to the callbacks.
class LoadPeer {
 public:
  using OnRtp = std::function<void(Bytes packet, Time now)>;
  using OnRtcp = std::function<void(Bytes compound)>;

  LoadPeer(net::EventLoop& loop, std::shared_ptr<const dtls::Certificate> certificate, OnRtp on_rtp,
           OnRtcp on_rtcp);
  ~LoadPeer();
  LoadPeer(const LoadPeer&) = delete;
  LoadPeer& operator=(const LoadPeer&) = delete;

  [[nodiscard]] const ice::Credentials& credentials() const { return local_; }
  /// Opens the socket on an address of this machine. @returns its port, for the candidate.
  Result<std::uint16_t> open(const Address& bind);
  /// Begins to check. After open().
  Result<void> connect(const Remote& remote);
  /// Due timers of ICE and DTLS. Call every few milliseconds.
  void poll(Time now);

  [[nodiscard]] bool up() const { return sender_.has_value(); }
  [[nodiscard]] std::string profile() const;

  /// @param packet a complete RTP packet or RTCP compound in the clear.
  void send_rtp(Bytes packet);
  void send_rtcp(Bytes compound);

 private:
  void receive(Time now);
  void take(MutableBytes datagram, Time now);
  void answer_check(Bytes datagram);
  void flush();
  void keys_ready();

  net::EventLoop& loop_;
  std::shared_ptr<const dtls::Certificate> certificate_;
  OnRtp on_rtp_;
  OnRtcp on_rtcp_;
  ice::Credentials local_;
  Address remote_;
  std::optional<net::UdpSocket> socket_;
  std::optional<ice::ClientAgent> agent_;
  std::optional<dtls::Endpoint> dtls_;
  std::optional<srtp::Session> sender_;
  std::optional<srtp::Session> receiver_;
  std::vector<std::array<std::uint8_t, 1600>> buffers_;
};

}  // namespace cardea::load
