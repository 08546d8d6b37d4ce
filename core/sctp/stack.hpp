// usrsctp itself: its state belongs to the process, and one thread drives it.
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/time.hpp"

namespace cardea::sctp {

/// At most one at a time in a process; it and all associations stay on one thread. No socket and no
/// thread of usrsctp's own is opened. Not sans-IO in one point: round trips are measured on the
/// system's clock.
class Stack {
 public:
  Stack();
  /// All associations are gone before.
  ~Stack();
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;

  /// How often advance() wants to be called while there are associations.
  static constexpr Duration kTick = std::chrono::milliseconds(10);

  /// Lets the timers of all associations run up to `now`; their ports get what they send.
  void advance(Time now);

 private:
  friend class Association;

  Time last_;
  /// Where received data lands first, shared by all associations.
  std::vector<std::uint8_t> scratch_;
};

}  // namespace cardea::sctp
