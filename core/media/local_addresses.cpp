#include "core/media/local_addresses.hpp"

#include <algorithm>

namespace cardea::media {

std::uint32_t LocalAddresses::way_of(const Address& ours) {
  const std::scoped_lock lock(mutex_);
  const auto found = std::find(addresses_.begin(), addresses_.end(), ours);
  const auto place = static_cast<std::uint32_t>(found - addresses_.begin()) + 1;
  if (found != addresses_.end()) {
    return place;
  }
  if (addresses_.size() == kMax) {
    return 0;
  }
  addresses_.push_back(ours);
  return place;
}

std::vector<Address> LocalAddresses::list() const {
  const std::scoped_lock lock(mutex_);
  return addresses_;
}

}  // namespace cardea::media
