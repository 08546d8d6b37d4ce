// The listening socket: accepts on the event loop, within the caps, and survives running out of
// descriptors.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>

#include <ev.h>

#include <cardea/sdk/result.hpp>

namespace cardea::websocket {

/// A client's address as text without port; IPv4 inside IPv6 is written as IPv4.
std::string peer_address(int fd);

/// Used on one thread; open() and port() before the loop runs.
class Listener {
 public:
  /// Takes over the descriptor of a new connection.
  using Accepted = std::function<void(int fd)>;

  Listener(struct ev_loop* loop, Accepted accepted);
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  /// @param address numeric. @param port 0 for one that the system chooses.
  Result<void> open(const std::string& address, std::uint16_t port);
  [[nodiscard]] std::uint16_t port() const { return port_; }

  /// Stops for good; connections that the kernel already holds are reset.
  void close();
  /// Accepts again after a pause for want of descriptors. Call once a second.
  void resume();
  [[nodiscard]] bool paused() const { return paused_; }

 private:
  static void on_readable(struct ev_loop* loop, ev_io* watcher, int events);
  void accept_all();
  void refuse_one();

  struct ev_loop* loop_;
  Accepted accepted_;
  ev_io watcher_{};
  int fd_ = -1;
  // Given up for a moment to accept and refuse a client when no descriptor is left.
  int reserve_ = -1;
  std::uint16_t port_ = 0;
  bool paused_ = false;
};

}  // namespace cardea::websocket
