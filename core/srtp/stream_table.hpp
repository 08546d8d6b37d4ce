// State by SSRC with a cap, and a short cut for the stream of the last packet.
#pragma once

#include <cstdint>
#include <unordered_map>

namespace cardea::srtp {

template <typename State>
class StreamTable {
 public:
  explicit StreamTable(std::size_t max_streams) : max_streams_(max_streams) {}

  /// Null when unknown. Valid until erase().
  State* find(std::uint32_t ssrc) {
    if (last_ != nullptr && last_ssrc_ == ssrc) {
      return last_;
    }
    const auto found = streams_.find(ssrc);
    return found == streams_.end() ? nullptr : remember(ssrc, found->second);
  }

  [[nodiscard]] bool full() const { return streams_.size() >= max_streams_; }

  /// The state, made new when there is room. Null when full.
  State* find_or_add(std::uint32_t ssrc) {
    if (State* known = find(ssrc)) {
      return known;
    }
    return full() ? nullptr : remember(ssrc, streams_[ssrc]);
  }

  void erase(std::uint32_t ssrc) {
    streams_.erase(ssrc);
    last_ = nullptr;
  }

  [[nodiscard]] std::size_t size() const { return streams_.size(); }

 private:
  // Addresses of unordered_map's elements stay when it grows.
  State* remember(std::uint32_t ssrc, State& state) {
    last_ssrc_ = ssrc;
    last_ = &state;
    return last_;
  }

  std::unordered_map<std::uint32_t, State> streams_;
  std::size_t max_streams_;
  State* last_ = nullptr;
  std::uint32_t last_ssrc_ = 0;
};

}  // namespace cardea::srtp
