// Keys that expire, in memory. Sans-IO: the time comes in.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include <cardea/sdk/bus_backend.hpp>

namespace cardea::bus_local {

class Store {
 public:
  using Time = std::chrono::steady_clock::time_point;

  /// @param max_keys more are refused.
  explicit Store(std::size_t max_keys) : max_keys_(max_keys) {}

  /// Everything but Publish. The caller is for the answer to carry.
  sdk::BusInbox::Answer perform(const sdk::BusOrder& order, Time now, sdk::BusCaller caller);

 private:
  struct Entry {
    std::string value;
    std::optional<Time> end;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  void forget_expired(Time now);
  bool put(std::string_view key, std::string_view value, std::int64_t ttl_ms, Time now);
  void erase(Entries::iterator entry);
  cardea_bus_status_t add(const sdk::BusOrder& order, Time now, std::int64_t& number);
  [[nodiscard]] std::int64_t ttl_of(std::string_view key, Time now) const;

  const std::size_t max_keys_;
  Entries entries_;
  std::set<std::pair<Time, std::string>> ends_;  ///< of all entries that have one
};

}  // namespace cardea::bus_local
