// Packets that were sent together, and how the time between such groups changed on the way.
#pragma once

#include <optional>

#include "core/base/time.hpp"

namespace cardea::peer {

/// From one group to the next.
struct GroupDelta {
  Duration sent{};
  Duration arrived{};
  Time arrival;  ///< of the newer group, by the remote's clock
  /// d(i) of draft-ietf-rmcat-gcc-02 5.1: positive while a queue grows.
  [[nodiscard]] Duration variation() const { return arrived - sent; }
};

/// Pre-filter of draft-ietf-rmcat-gcc-02 5.2: what leaves within 5 ms is one group, and so is what
/// was held up somewhere and then arrives in one burst.
class ArrivalGroups {
 public:
  /// A packet that arrived, in the order of sending.
  /// @returns the difference of the last two whole groups, when this packet begins another.
  std::optional<GroupDelta> add(Time sent, Time arrived);
  void reset() { current_ = previous_ = {}; }

 private:
  struct Group {
    Time first_sent;
    Time last_sent;
    Time first_arrival;
    Time last_arrival;
    bool filled = false;
  };

  [[nodiscard]] bool belongs(Time sent, Time arrived) const;

  Group current_;
  Group previous_;
};

}  // namespace cardea::peer
