// A listening TCP socket that accepts without blocking.
#pragma once

#include <cstdint>

#include <cardea/sdk/result.hpp>

#include "core/base/address.hpp"

namespace cardea::net {

/// One thread. Owns its descriptor; moves, does not copy.
class TcpListener {
 public:
  struct Options {
    /// Port 0 lets the kernel choose; see local_address().
    Address bind;
    /// SO_REUSEPORT: several sockets of this user share the port.
    bool reuse_port = false;
  };
  /// What became of one call of accept().
  enum class Outcome : std::uint8_t {
    Accepted,
    Nothing,    // nobody waits
    Exhausted,  // no descriptor or memory: somebody waits, and goes on waiting
  };
  struct Accepted {
    Outcome outcome = Outcome::Nothing;
    /// Non-blocking; the caller's from now on.
    int fd = -1;
    Address remote;
  };

  /// An IPv6 socket leaves IPv4 to others.
  static Result<TcpListener> open(const Options& options);
  ~TcpListener();
  TcpListener(TcpListener&& other) noexcept;
  TcpListener& operator=(TcpListener&& other) = delete;
  TcpListener(const TcpListener&) = delete;
  TcpListener& operator=(const TcpListener&) = delete;

  [[nodiscard]] int fd() const { return fd_; }
  [[nodiscard]] const Address& local_address() const { return local_; }
  Accepted accept();

 private:
  explicit TcpListener(int fd) : fd_(fd) {}

  int fd_;
  Address local_;
};

}  // namespace cardea::net
