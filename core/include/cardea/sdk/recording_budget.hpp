// How much recordings together may still write; counted by the threads that write.
#pragma once

#include <atomic>
#include <cstdint>

namespace cardea::sdk {

class RecordingBudget {
 public:
  /// @param quota bytes; 0: no bound.
  explicit RecordingBudget(std::uint64_t quota) : quota_(quota) {}

  /// [any] @returns false when these bytes are more than is left; nothing is taken then.
  [[nodiscard]] bool take(std::uint64_t bytes) {
    if (used_.fetch_add(bytes) + bytes <= quota_ || quota_ == 0) {
      return true;
    }
    used_.fetch_sub(bytes);
    return false;
  }

 private:
  const std::uint64_t quota_;
  std::atomic<std::uint64_t> used_ = 0;
};

}  // namespace cardea::sdk
