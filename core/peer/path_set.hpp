// The paths by which good checks of one remote came, and when last.
#pragma once

#include <optional>
#include <vector>

#include "core/base/path.hpp"
#include "core/base/time.hpp"

namespace cardea::peer {

/// Bounded: interfaces of one client times addresses of ours, and those of before its ICE restarts.
class PathSet {
 public:
  static constexpr std::size_t kMax = 16;
  // Browsers check every pair that they keep each few seconds.
  static constexpr Duration kForgotten = std::chrono::seconds(30);

  [[nodiscard]] bool contains(const Path& path) const;
  [[nodiscard]] std::vector<Path> list() const;
  /// The one checked last; empty when there is none.
  [[nodiscard]] Path newest() const;

  /// A good check came by this path. @param keep is not pushed out.
  /// @returns the path that was pushed out by it, if any.
  std::optional<Path> checked(const Path& path, const Path& keep, Time now);
  void remove(const Path& path);
  /// Takes out those, other than `keep`, by which no check has come for kForgotten.
  std::vector<Path> forget(const Path& keep, Time now);

 private:
  struct Entry {
    Path path;
    Time checked;
  };
  std::vector<Entry> entries_;
};

}  // namespace cardea::peer
