// Counts of requests by key in windows of time, for a server alone or while the bus is away.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>

#include "core/base/time.hpp"

namespace cardea::rest {

class Windows {
 public:
  static constexpr std::size_t kMaxKeys = 100'000;

  struct Count {
    std::int64_t number = 0;
    Duration left{};  ///< of the window
  };
  /// Adds one; a new window begins where the last has ended. Beyond the bound on keys all windows
  /// that have ended are dropped, and if none has, all.
  Count add(const std::string& key, Duration length, Time now) {
    auto found = windows_.find(key);
    if (found == windows_.end()) {
      make_room(now);
      found = windows_.try_emplace(key).first;
    }
    Window& window = found->second;
    if (now >= window.end) {
      window = {0, now + length};
    }
    return {++window.number, window.end - now};
  }

 private:
  struct Window {
    std::int64_t number = 0;
    Time end{};
  };
  void make_room(Time now) {
    if (windows_.size() >= kMaxKeys) {
      std::erase_if(windows_, [&](const auto& one) { return now >= one.second.end; });
    }
    if (windows_.size() >= kMaxKeys) {
      windows_.clear();
    }
  }

  std::unordered_map<std::string, Window> windows_;
};

}  // namespace cardea::rest
