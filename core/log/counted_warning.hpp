// A warning for packet-rate events: the first one is logged, then at most one line per period with
// the count.
#pragma once

#include <cstdint>
#include <optional>
#include <utility>

#include "core/base/time.hpp"
#include "core/log/log.hpp"

namespace cardea::log {

/// Belongs to one thread. Counts always; formats and writes only when a line is due.
class CountedWarning {
 public:
  explicit CountedWarning(Logger logger, Duration period = std::chrono::seconds(10))
      : logger_(std::move(logger)), period_(period) {}

  /// Notes one event. The line that is due ends with "(N more since the last line)" when N > 0.
  template <typename... Args>
  void count(Time now, fmt::format_string<Args...> format, Args&&... args) {
    ++total_;
    if (last_line_ && now < *last_line_ + period_) {
      ++held_;
      return;
    }
    std::string line = fmt::format(format, std::forward<Args>(args)...);
    if (held_ > 0) {
      line += fmt::format(" ({} more since the last line)", held_);
    }
    held_ = 0;
    last_line_ = now;
    logger_.write(Level::Warn, line);
  }

  /// Events ever counted.
  [[nodiscard]] std::uint64_t total() const { return total_; }

 private:
  Logger logger_;
  Duration period_;
  std::optional<Time> last_line_;
  std::uint64_t held_ = 0;
  std::uint64_t total_ = 0;
};

}  // namespace cardea::log
