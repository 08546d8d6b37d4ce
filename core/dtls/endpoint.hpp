// One DTLS 1.2 association with DTLS-SRTP (RFC 6347, RFC 5764) over datagrams in memory.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/bytes.hpp"
#include "core/base/time.hpp"
#include "core/dtls/certificate.hpp"
#include "core/dtls/srtp_keys.hpp"

namespace cardea::dtls {

enum class Role : std::uint8_t { Client, Server };  // a=setup:active, a=setup:passive
enum class State : std::uint8_t { New, Handshaking, Connected, Failed, Closed };
enum class Failure : std::uint8_t {
  None,
  FingerprintMismatch,
  Deadline,       // 20 s without a finished handshake
  Handshake,      // OpenSSL refused; see failure_text()
  NoSrtpProfile,  // the peer offered none of ours
};

struct EndpointOptions {
  /// Bytes of one datagram with IP and UDP headers; flights are split to fit.
  std::uint16_t mtu = 1200;
  Duration handshake_deadline = std::chrono::seconds(20);
  /// False: a peer that negotiates no SRTP is taken too, for data channels alone.
  bool srtp_required = true;
};

using Datagrams = std::vector<std::vector<std::uint8_t>>;

/// Sans-IO but for OpenSSL's random source and its own retransmission clock; lost flights are also
/// sent again on the caller's time, so a handshake ends under virtual time too. One thread at a
/// time.
class Endpoint {
 public:
  // Output that nobody takes is bounded; a handshake flight has at most 4 datagrams at 1200 bytes.
  static constexpr std::size_t kMaxOutput = 64;
  // Application messages (SCTP packets) that nobody takes.
  static constexpr std::size_t kMaxApplicationData = 256;

  /// @param remote the peer's fingerprint out of its SDP. There is no endpoint without one (threat
  /// M3).
  Endpoint(std::shared_ptr<const Certificate> certificate, Role role, const Fingerprint& remote,
           EndpointOptions options = {});
  ~Endpoint();
  Endpoint(Endpoint&&) noexcept;
  Endpoint& operator=(Endpoint&&) noexcept;
  Endpoint(const Endpoint&) = delete;
  Endpoint& operator=(const Endpoint&) = delete;

  /// Leaves New: a client writes its ClientHello, a server waits. Arms the deadline. Call once the
  /// ICE path is known.
  void start(Time now);
  /// One datagram (first byte 20..63). What is no DTLS is dropped; a bad record never ends an
  /// established connection. Dropped in New, Failed and Closed.
  void receive(Bytes datagram, Time now);
  /// Sends lost flights again and ends a handshake that took too long.
  void poll(Time now);
  /// When to call poll() next; empty once the handshake is over.
  [[nodiscard]] std::optional<Time> next_deadline() const;
  /// Datagrams for the peer, oldest first.
  Datagrams take_output();

  /// Sends one application message (an SCTP packet). False unless Connected, or when it does not
  /// fit one datagram.
  bool send(Bytes message);
  /// Application messages that came in, in order.
  Datagrams take_application_data();

  /// Writes close_notify when Connected; the state becomes Closed (Failed stays).
  void close();

  [[nodiscard]] State state() const;
  [[nodiscard]] Role role() const;
  [[nodiscard]] Failure failure() const;
  /// OpenSSL's words for Failure::Handshake; else empty.
  [[nodiscard]] const std::string& failure_text() const;
  /// Set while and after Connected; without srtp_required only when SRTP was negotiated.
  [[nodiscard]] const std::optional<SrtpKeys>& keys() const;
  /// Datagrams that were no DTLS, or output and data beyond the bounds: for metrics.
  [[nodiscard]] std::uint64_t dropped() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace cardea::dtls
