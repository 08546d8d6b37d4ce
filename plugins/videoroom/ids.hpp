// Ids of rooms and participants, random ones, and the comparison of secrets.
#pragma once

#include <compare>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>
#include <string_view>

#include <sys/random.h>

#include <cardea/sdk/json.hpp>

namespace cardea::videoroom {

/// A room's or participant's id: a number, or a text where `string_ids` is on. Made without
/// anything it is none.
class Id {
 public:
  Id() = default;
  Id(std::uint64_t number) : number_(number) {}
  explicit Id(std::string_view text) : text_(text) {}
  /// What a checked member holds; none when it is absent.
  static Id of(const Json& json) {
    return json.is_string() ? Id(json.as_text()) : Id(json.as_uint());
  }

  explicit operator bool() const { return number_ != 0 || !text_.empty(); }
  operator Json() const { return text_.empty() ? Json(number_) : Json(text_); }
  [[nodiscard]] std::string text() const { return text_.empty() ? std::to_string(number_) : text_; }
  /// Equal for equal ids.
  [[nodiscard]] std::uint64_t hash() const {
    return text_.empty() ? number_ : std::hash<std::string>{}(text_);
  }
  // clang-tidy 14 takes its 0 for a pointer. NOLINTNEXTLINE(modernize-use-nullptr)
  friend auto operator<=>(const Id&, const Id&) = default;

 private:
  std::uint64_t number_ = 0;
  std::string text_;
};

inline void fill_random(void* out, std::size_t size) {
  if (getrandom(out, size, 0) != static_cast<ssize_t>(size)) {
    throw std::runtime_error("getrandom failed");
  }
}

/// Uniform in 1 .. 2^bits-1, from the kernel.
inline std::uint64_t random_number(unsigned bits) {
  for (;;) {
    std::uint64_t value = 0;
    fill_random(&value, sizeof value);
    value >>= 64 - bits;
    if (value != 0) {
      return value;
    }
  }
}

/// Clients keep numbers in JavaScript's, which are exact below 2^53. As a text: 32 hexadecimal
/// digits.
inline Id random_id(bool text) {
  if (!text) {
    return random_number(53);
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  unsigned char bytes[16];
  fill_random(bytes, sizeof bytes);
  std::string out;
  for (const unsigned char byte : bytes) {
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return Id(out);
}
inline std::uint64_t random_private_id() { return random_number(32); }

/// Takes as long for a wrong secret as for the right one of its length.
inline bool same_secret(std::string_view expected, std::string_view given) {
  unsigned difference = expected.size() == given.size() ? 0 : 1;
  for (std::size_t i = 0; i < given.size() && !expected.empty(); ++i) {
    difference |= static_cast<unsigned char>(expected[i % expected.size()]) ^
                  static_cast<unsigned char>(given[i]);
  }
  return difference == 0;
}

}  // namespace cardea::videoroom
