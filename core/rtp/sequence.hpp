// Wrapping 16-bit sequence numbers and 32-bit timestamps: distances, and unwrapping to 64 bits.
#pragma once

#include <cstdint>
#include <limits>
#include <type_traits>

namespace cardea::rtp {

/// Signed way from `from` to `to` on the number circle (RFC 1982): positive when `to` is newer.
template <typename T>
constexpr std::make_signed_t<T> distance(T from, T to) {
  return static_cast<std::make_signed_t<T>>(static_cast<T>(to - from));
}

/// True when `a` comes after `b`.
template <typename T>
constexpr bool is_newer(T a, T b) {
  return distance<T>(b, a) > 0;
}

/// Turns wrapping numbers into 64-bit ones that only grow with the stream. The low bits stay the
/// wire value. The first number gets one full cycle added, so that earlier, reordered ones stay
/// positive.
template <typename T>
class Unwrapper {
 public:
  /// Takes the number in as the new reference. Steps back (reordering) give smaller results.
  std::uint64_t unwrap(T value) {
    const std::uint64_t result = peek(value);
    last_ = result;
    started_ = true;
    return result;
  }
  /// What unwrap() would give, without taking it in.
  [[nodiscard]] std::uint64_t peek(T value) const {
    if (!started_) {
      return kCycle + value;
    }
    const std::int64_t step = distance<T>(static_cast<T>(last_), value);
    const std::uint64_t result = last_ + static_cast<std::uint64_t>(step);
    return step < 0 && result > last_ ? value : result;
  }
  [[nodiscard]] bool started() const { return started_; }
  void reset() { started_ = false; }

 private:
  static constexpr std::uint64_t kCycle = std::uint64_t{std::numeric_limits<T>::max()} + 1;
  std::uint64_t last_ = 0;
  bool started_ = false;
};

using SeqUnwrapper = Unwrapper<std::uint16_t>;
using TimestampUnwrapper = Unwrapper<std::uint32_t>;

}  // namespace cardea::rtp
