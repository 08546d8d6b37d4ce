// Signals as events of the control loop.
#pragma once

#include <functional>

#include <cardea/sdk/result.hpp>

#include "core/net/event_loop.hpp"

namespace cardea::host {

/// Blocks SIGTERM, SIGINT and SIGHUP in the calling thread, and so in all threads that it starts
/// later; ignores SIGPIPE. Call first thing in main.
void block_signals();

/// Hands blocked signals to a callback on the loop's thread.
class Signals {
 public:
  Signals(net::EventLoop& loop, std::function<void(int signal)> on_signal);
  ~Signals();
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

 private:
  void read_all();

  net::EventLoop& loop_;
  std::function<void(int)> on_signal_;
  int fd_;
};

}  // namespace cardea::host
