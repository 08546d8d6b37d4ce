// Merges all wishes for a key frame of one layer into few requests to its publisher (threat M7).
#pragma once

#include <algorithm>

#include "core/base/time.hpp"

namespace cardea::media {

/// Sans-IO. Where a member returns true, the caller sends one PLI or FIR.
class KeyframeGate {
 public:
  static constexpr Duration kSpacing = std::chrono::milliseconds(500);
  // A camera that is off answers nothing; asking it often makes no sense.
  static constexpr Duration kMaxRepeat = std::chrono::seconds(4);

  /// Somebody needs a key frame. False: asked a moment ago, poll() will ask again.
  bool want(Time now) {
    const bool free = !asked_before_ || now >= asked_ + kSpacing;
    repeat_ = kSpacing;
    due_ = wanted_ || free ? due_ : asked_ + kSpacing;
    wanted_ = true;
    if (free) {
      ask(now);
    }
    return free;
  }
  /// Asks again while none has come.
  bool poll(Time now) {
    if (!wanted_ || now < due_) {
      return false;
    }
    ask(now);
    return true;
  }
  /// A key frame begins.
  void arrived() { wanted_ = false; }
  /// Nobody can be asked (the layer is not there): the next want() is free again.
  void cancel() {
    wanted_ = false;
    asked_before_ = false;
  }
  [[nodiscard]] bool wanted() const { return wanted_; }
  [[nodiscard]] Time next_deadline() const { return wanted_ ? due_ : Time::max(); }

 private:
  void ask(Time now) {
    asked_ = now;
    asked_before_ = true;
    due_ = now + repeat_;
    repeat_ = std::min(repeat_ * 2, kMaxRepeat);
  }

  bool wanted_ = false;
  bool asked_before_ = false;
  Time asked_;
  Time due_;
  Duration repeat_ = kSpacing;
};

}  // namespace cardea::media
