// Which worker serves whom.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

namespace cardea::media {

/// Peers with the same key share a worker; a new key goes where the fewest peers are. One thread.
class Placement {
 public:
  explicit Placement(unsigned workers) : peers_(workers) {}

  /// One more peer. @returns its worker.
  unsigned enter(std::uint64_t key);
  void leave(std::uint64_t key);

  [[nodiscard]] std::size_t peers(unsigned worker) const { return peers_[worker]; }
  [[nodiscard]] std::size_t keys() const { return keys_.size(); }

 private:
  struct Place {
    unsigned worker = 0;
    std::size_t peers = 0;
  };
  std::unordered_map<std::uint64_t, Place> keys_;
  std::vector<std::size_t> peers_;
};

}  // namespace cardea::media
