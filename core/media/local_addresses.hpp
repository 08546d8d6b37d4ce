// Which addresses of ours datagrams come to, by number.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "core/base/address.hpp"

namespace cardea::media {

/// Addresses of ours that datagrams come to; a way is a place among them, counted from 1. [any]
class LocalAddresses {
 public:
  // Beyond so many, answers go from the one that the system chooses.
  static constexpr std::size_t kMax = 64;

  /// Adds it when it is new. @returns 0 when there are too many.
  std::uint32_t way_of(const Address& ours);
  [[nodiscard]] std::vector<Address> list() const;

 private:
  mutable std::mutex mutex_;
  std::vector<Address> addresses_;
};

}  // namespace cardea::media
