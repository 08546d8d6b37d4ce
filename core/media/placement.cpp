#include "core/media/placement.hpp"

#include <algorithm>

namespace cardea::media {

unsigned Placement::enter(std::uint64_t key) {
  const auto [at, added] = keys_.try_emplace(key);
  Place& place = at->second;
  if (added) {
    place.worker =
        static_cast<unsigned>(std::min_element(peers_.begin(), peers_.end()) - peers_.begin());
  }
  ++place.peers;
  ++peers_[place.worker];
  return place.worker;
}

void Placement::leave(std::uint64_t key) {
  const auto found = keys_.find(key);
  if (found == keys_.end()) {
    return;
  }
  --peers_[found->second.worker];
  if (--found->second.peers == 0) {
    keys_.erase(found);
  }
}

}  // namespace cardea::media
