// One connection: bytes between the client's TLS and a plain socket pair, in both directions. It
// holds at most one record each way; beyond that the kernel's buffers push back.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "transports/tls/openssl.hpp"

namespace cardea::tls {

using Time = std::chrono::steady_clock::time_point;

/// For all tunnels of a thread: nothing stays in it between two turns.
using Scratch = std::array<char, 16384>;

class Tunnel {
 public:
  enum class Outcome : std::uint8_t {
    Waits,      ///< until one of the sockets is ready
    Busy,       ///< it has had its share, and there is more to do
    Connected,  ///< the handshake is done: give it a plain end
    Ended
  };

  /// @param fd the client's socket, owned from here on.
  Tunnel(SslPtr ssl, int fd, Time give_up);
  ~Tunnel();
  Tunnel(const Tunnel&) = delete;
  Tunnel& operator=(const Tunnel&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] int plain_fd() const { return plain_; }
  [[nodiscard]] bool connected() const { return plain_ >= 0; }

  /// The handshake is done. @param fd our end of the pair, owned from here on.
  void connect(int fd);

  /// Goes on after something became ready.
  Outcome turn(Scratch& scratch, Time now);
  /// The other end of the pair was closed: what is left must leave soon.
  void plain_closed(Time now);
  /// Past its deadline: for the handshake, or for the last bytes.
  [[nodiscard]] bool late(Time now) const { return now >= give_up_; }

  /// [any] Bytes that went to the plain side.
  [[nodiscard]] std::uint64_t received() const { return received_; }

 private:
  enum class Flow : std::uint8_t { Moved, Blocked, Closed, Broken };

  Outcome shake_hands();
  Flow inward(Scratch& scratch);
  Flow outward(Scratch& scratch, Time now);
  Flow flush_inward();
  Flow flush_outward();
  [[nodiscard]] Flow verdict(int result) const;
  void end_inward();
  void end_outward(Time now);

  SslPtr ssl_;
  int fd_;
  int plain_ = -1;
  Time give_up_;
  std::string in_;   ///< decrypted, not taken by the plain side yet
  std::string out_;  ///< not encrypted yet
  bool in_done_ = false;
  bool out_done_ = false;
  std::atomic<std::uint64_t> received_{0};
};

}  // namespace cardea::tls
