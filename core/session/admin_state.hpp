// What the Admin API changes at run time, and who tried it with a wrong secret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

#include "core/session/admin_port.hpp"
#include "core/session/token_bucket.hpp"

namespace cardea::session {

/// Wrong secrets by address: ten, then one more every six seconds (threat S17). Time is passed in.
class FailureLimiter {
 public:
  static constexpr double kBurst = 10;
  static constexpr double kPerSecond = 10.0 / 60;
  static constexpr std::size_t kMaxAddresses = 4096;

  /// False: do not even look at what this address sends.
  [[nodiscard]] bool may_try(const std::string& address, Time now) const {
    const auto found = failures_.find(address);
    return found == failures_.end() || found->second.available(now) >= 1;
  }
  void failed(const std::string& address, Time now) {
    if (failures_.size() >= kMaxAddresses) {
      std::erase_if(failures_,
                    [now](const auto& entry) { return entry.second.available(now) >= kBurst; });
    }
    // With every place taken by somebody who is still trying, the newcomer waits with them.
    const bool full = failures_.size() >= kMaxAddresses && !failures_.contains(address);
    failures_.try_emplace(full ? "others" : address, kPerSecond, kBurst, now)
        .first->second.take(now);
  }

 private:
  std::map<std::string, TokenBucket> failures_;
};

/// The settings of Janus's Admin API. Those that mean nothing here are kept and shown.
struct AdminState {
  AdminPort* port = nullptr;  ///< null: what needs one is refused
  FailureLimiter failures;
  bool accepting = true;  ///< new sessions

  bool log_timestamps = true;
  bool log_colors = false;
  bool locking_debug = false;
  bool refcount_debug = false;
  bool libnice_debug = false;
  bool nack_optimizations = false;
  std::int64_t min_nack_queue = 200;
  std::int64_t no_media_timer = 1;
  std::int64_t slowlink_threshold = 0;
};

}  // namespace cardea::session
